using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Messages;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads what stands around a message: whom it answers and names, and the advertisement that led to it.</summary>
internal static class EvolutionContext
{
    private const int MostMentions = 1_024;

    // Through so many chats.
    private const int OftenForwarded = 5;

    /// <summary>Evolution lifts it out of the kind, and leaves it there in some releases.</summary>
    public static JsonElement? Find(JsonElement item, MessageBody body) =>
        body.Fields.Child("contextInfo") is { } inner && HasContent(inner) ? inner
        : item.Child("contextInfo") is { } outer ? outer
        : null;

    /// <param name="context">The context.</param>
    /// <param name="chat">The other person of a direct chat; empty in a group.</param>
    public static InboundQuote? ReadQuote(JsonElement context, IReadOnlyList<Identity> chat)
    {
        if (context.Text("stanzaId") is not { } waId)
        {
            return null;
        }
        var quoted = context.Child("quotedMessage") is { ValueKind: JsonValueKind.Object } message
            ? MessageBody.Read(message)
            : null;
        var content = quoted is { } body ? EvolutionContent.Read(body, waId) : null;
        var author = WhatsAppAddress.TryParse(context.Text("participant"), out var address)
            ? address
            : default;
        return new(
            waId,
            content?.Type ?? MessageType.Unsupported,
            content?.Text,
            FromMe: author.IsPerson && IsMe(author.Identity, chat),
            author.IsPerson ? [author.Identity] : []
        );
    }

    // In a chat of two who isn't the other one is me. A LID says nothing of who is known by a phone alone.
    private static bool IsMe(Identity author, IReadOnlyList<Identity> chat) =>
        !chat.Contains(author) && chat.Any(other => other.Kind == author.Kind);

    public static IReadOnlyList<string> ReadMentions(JsonElement context) =>
        [
            .. context
                .List("mentionedJid")
                .Take(MostMentions)
                .Where(jid => jid.ValueKind == JsonValueKind.String)
                .Select(jid => jid.GetString()!)
                .Where(jid => WhatsAppAddress.TryParse(jid, out var address) && address.IsPerson)
                .Distinct(StringComparer.Ordinal),
        ];

    public static MessageOrigin ReadOrigin(JsonElement context) =>
        new(
            ReadAd(context),
            !context.Flag("isForwarded") ? null
                : context.Long("forwardingScore") >= OftenForwarded ? MessageOrigin.Often
                : MessageOrigin.Once
        );

    private static AdSource? ReadAd(JsonElement context) =>
        context.Child("externalAdReply") is { } ad
        && (ad.Text("sourceId") ?? ad.Text("sourceUrl")) is not null
            ? new(
                ShortText.Cut(ad.Text("title")),
                ShortText.Cut(ad.Text("body")),
                ad.Text("sourceUrl"),
                ad.Text("sourceId")
            )
            : null;

    private static bool HasContent(JsonElement context) =>
        context.Child("stanzaId") is not null
        || context.Child("mentionedJid") is not null
        || context.Child("externalAdReply") is not null
        || context.Child("isForwarded") is not null;
}
