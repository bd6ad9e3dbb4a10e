using System.Text.Json;
using FlowChat.Json;
using FlowChat.Messages;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>What a message says, in FlowChat's words.</summary>
/// <param name="Type">See <see cref="MessageType"/>.</param>
/// <param name="Text">The text or caption.</param>
/// <param name="Content">Of the form that the type says; of an unsupported one its kind, in the gateway's words.</param>
/// <param name="Media">A medium whose bytes are still at the gateway.</param>
internal sealed record EvolutionContent(
    string Type,
    string? Text = null,
    string? Content = null,
    InboundMedia? Media = null
)
{
    // They change another message, are a line of the thread, or nothing that is shown.
    private static readonly HashSet<string> NoBubble = new(StringComparer.Ordinal)
    {
        "reactionMessage",
        "protocolMessage",
        "pollUpdateMessage",
        "keepInChatMessage",
        "pinInChatMessage",
        "albumMessage",
    };

    /// <summary>Null = it shows nothing in a thread.</summary>
    public static EvolutionContent? Read(MessageBody body, string waId) =>
        NoBubble.Contains(body.Kind) ? null
        : ReadText(body) is { } text ? PlainText(text)
        : EvolutionMedia.Read(body, waId) is { } media
            ? new(media.Kind, Caption(body), Media: media)
        : ReadPlace(body) is { } place ? place
        : EvolutionInteractive.Read(body) is { } question ? ReadQuestion(question, body, waId)
        : EvolutionInteractive.ReadChoice(body) is { } choice
            ? Of(MessageType.Choice, choice.Title, choice)
        : body.Kind switch
        {
            "contactMessage" or "contactsArrayMessage" => Of(
                MessageType.Contacts,
                null,
                EvolutionCards.Read(body.Fields)
            ),
            "pollCreationMessage"
            or "pollCreationMessageV2"
            or "pollCreationMessageV3"
            or "pollCreationMessageV5" => Of(
                MessageType.Poll,
                body.Fields.Text("name"),
                EvolutionPoll.Read(body.Fields)
            ),
            _ => Unshown(body),
        };

    // What would be an empty bubble, or one without its cards, is kept as it came.
    private static EvolutionContent ReadQuestion(
        EvolutionQuestion question,
        MessageBody body,
        string waId
    ) =>
        question.IsWhole
            ? Of(MessageType.Interactive, question.Text, question.Content) with
            {
                Media = question.Header is { } header ? EvolutionMedia.Read(header, waId) : null,
            }
            : Unshown(body) with
            {
                Text = question.Text ?? question.Content.Title,
            };

    /// <summary>Its kind's name, and nothing else.</summary>
    public static EvolutionContent Unshown(MessageBody body) =>
        Of(MessageType.Unsupported, null, new { body.Kind });

    private static EvolutionContent? ReadPlace(MessageBody body)
    {
        var isLive = body.Kind == "liveLocationMessage" || body.Fields.Flag("isLive");
        return
            body.Kind is "locationMessage" or "liveLocationMessage"
            && EvolutionPlace.Read(body.Fields) is { } place
            ? Of(
                isLive ? MessageType.LiveLocation : MessageType.Location,
                body.Fields.Text("caption") ?? body.Fields.Text("comment"),
                place
            )
            : null;
    }

    private static string? ReadText(MessageBody body) =>
        body.Kind switch
        {
            "conversation" => body.Message.Text("conversation"),
            "extendedTextMessage" => body.Fields.Text("text"),
            _ => null,
        };

    private static EvolutionContent PlainText(string text) =>
        text.Length <= MessageType.MostCharacters
            ? new(MessageType.Text, text)
            : throw new InboundFormatException("The text is longer than WhatsApp takes.");

    private static string? Caption(MessageBody body) =>
        body.Fields.Text("caption") is { Length: <= MessageType.MostCharacters } caption
            ? caption
            : null;

    private static EvolutionContent Of<T>(string type, string? text, T content) =>
        new(type, text, JsonSerializer.Serialize(content, FlowChatJson.Options));
}
