using System.Text.Json;
using FlowChat.Storage;

namespace FlowChat.Messages;

public sealed record SendMessageRequest(string? ClientMessageId, string? Type, string? Text)
{
    // Taken and refused: a message without what it should carry is another message.
    public JsonElement? ReplyTo { get; init; }
    public JsonElement? Mentions { get; init; }
    public JsonElement? AttachmentIds { get; init; }
    public JsonElement? Location { get; init; }
    public JsonElement? Contacts { get; init; }
    public JsonElement? Poll { get; init; }

    /// <summary>The first field that asks for what can't be sent.</summary>
    internal string? Unsupported =>
        IsGiven(ReplyTo) ? "reply_to"
        : IsGiven(Mentions) ? "mentions"
        : IsGiven(AttachmentIds) ? "attachment_ids"
        : IsGiven(Location) ? "location"
        : IsGiven(Contacts) ? "contacts"
        : IsGiven(Poll) ? "poll"
        : null;

    /// <summary>As it will be stored: what is left is what is checked.</summary>
    internal SendMessageRequest Cleaned() =>
        this with
        {
            ClientMessageId = ClientMessageId is null ? null : StorableText.Clean(ClientMessageId),
            Text = Text is null ? null : StorableText.Clean(Text),
        };

    private static bool IsGiven(JsonElement? field) =>
        field is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given
        && !(given.ValueKind == JsonValueKind.Array && given.GetArrayLength() == 0);
}
