using System.Text.Json;
using FlowChat.Json;
using FlowChat.Media.Store;
using FlowChat.Messages;
using FlowChat.Messages.Content;

namespace FlowChat.Gateways.Evolution;

/// <summary>The route and body of a send.</summary>
internal sealed record EvolutionSend(string Operation, HttpContent Content)
{
    private const string SendMedia = "sendMedia";

    /// <exception cref="NotSupportedException">Evolution can't send that type; it isn't among the gateway's abilities.</exception>
    public static EvolutionSend Of(OutboundMessage message, IMediaStore store)
    {
        var common = new Common(message);
        return message.Type switch
        {
            MessageType.Text => Json("sendText", common.With(new { message.Text })),
            MessageType.Location => Location(common, Read<LocationContent>(message)),
            MessageType.Contacts => Contacts(common, Read<ContactsContent>(message)),
            MessageType.Poll => Poll(common, Read<PollContent>(message)),
            MessageType.Image or MessageType.Video or MessageType.Audio or MessageType.Document =>
                Media(message, store, SendMedia, file => MediaBody(common, message, file)),
            MessageType.Voice => Media(
                message,
                store,
                "sendWhatsAppAudio",
                // Encoded by FlowChat or the browser already where it is Opus.
                file =>
                    common.With(
                        new
                        {
                            Audio = file,
                            Encoding = !message.Media!.MimeType.StartsWith(
                                "audio/ogg",
                                StringComparison.Ordinal
                            ),
                        }
                    )
            ),
            MessageType.Sticker => Media(
                message,
                store,
                "sendSticker",
                file => common.With(new { Sticker = file })
            ),
            _ => throw new NotSupportedException($"Evolution can't send {message.Type}."),
        };
    }

    private static EvolutionSend Json(string operation, object body) =>
        new(operation, EvolutionBody.ToContent(body));

    private static EvolutionSend Media(
        OutboundMessage message,
        IMediaStore store,
        string operation,
        Func<string, object> body
    )
    {
        var media = message.Media!;
        return new(
            operation,
            new MediaJsonContent(
                body,
                media.SizeBytes,
                stop => store.OpenAsync(message.TenantId, media.Sha256, stop)
            )
        );
    }

    private static Dictionary<string, object?> MediaBody(
        Common common,
        OutboundMessage message,
        string file
    ) =>
        common.With(
            new
            {
                Mediatype = message.Type,
                Mimetype = message.Media!.MimeType,
                Media = file,
                // Without a name the gateway refuses a document.
                FileName = message.Media.FileName ?? message.Type,
                Caption = message.Text,
            }
        );

    // The gateway refuses a place without a name or an address.
    private static EvolutionSend Location(Common common, LocationContent place) =>
        Json(
            "sendLocation",
            common.With(
                new
                {
                    place.Latitude,
                    place.Longitude,
                    Name = place.Name ?? "",
                    Address = place.Address ?? "",
                }
            )
        );

    private static EvolutionSend Contacts(Common common, ContactsContent content) =>
        Json(
            "sendContact",
            common.With(
                new
                {
                    // The gateway writes one number on a card.
                    Contact = content.Contacts.SelectMany(card =>
                        card.Phones.Select(phone => new
                        {
                            FullName = card.Name,
                            PhoneNumber = phone,
                            Wuid = new string([.. phone.Where(char.IsAsciiDigit)]),
                            card.Organization,
                            card.Email,
                        })
                    ),
                }
            )
        );

    private static EvolutionSend Poll(Common common, PollContent poll) =>
        Json(
            "sendPoll",
            common.With(
                new
                {
                    Name = poll.Question,
                    poll.SelectableCount,
                    Values = poll.Options,
                }
            )
        );

    private static T Read<T>(OutboundMessage message) =>
        JsonSerializer.Deserialize<T>(message.Content!, FlowChatJson.Options)!;

    /// <summary>What every send may have.</summary>
    private readonly struct Common(OutboundMessage message)
    {
        private bool IsGroup => message.Jid.EndsWith("@g.us", StringComparison.Ordinal);

        public Dictionary<string, object?> With(object own)
        {
            var body = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["number"] = message.Jid,
                // The gateway fetches whatever page the text names, unless it is told not to.
                ["linkPreview"] = message.HasPreview,
            };
            if (message.WaId is { } id)
            {
                body["messageId"] = id;
            }
            if (message.ReplyTo is { } quote)
            {
                body["quoted"] = new
                {
                    Key = new
                    {
                        Id = quote.WaId,
                        RemoteJid = message.Jid,
                        quote.FromMe,
                        quote.Participant,
                    },
                    // Without it the gateway looks the original up by its id, and finds its author and its kind.
                    Message = quote.Text is null || IsGroup
                        ? null
                        : new { Conversation = quote.Text },
                };
            }
            if (message.Mentions.Count > 0)
            {
                body["mentioned"] = message.Mentions;
            }
            foreach (
                var field in JsonSerializer
                    .SerializeToElement(own, EvolutionBody.Json)
                    .EnumerateObject()
            )
            {
                body[field.Name] = field.Value;
            }
            return body;
        }
    }
}
