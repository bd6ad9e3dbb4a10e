using System.Text.Json;
using FlowChat.Json;
using FlowChat.Messages.Content;

namespace FlowChat.Messages;

/// <summary>What an agent wants to send, checked.</summary>
internal sealed record NewMessage
{
    public required string ClientMessageId { get; init; }

    /// <summary>Null: it is its attachment's.</summary>
    public required string? Type { get; init; }
    public string? Text { get; init; }
    public string? Content { get; init; }
    public Guid? ReplyTo { get; init; }
    public IReadOnlyList<string> Mentions { get; init; } = [];
    public Guid? AttachmentId { get; init; }

    /// <summary>What its attachment has to be; null = anything.</summary>
    public string? AttachmentKind { get; init; }

    public static NewMessage Of(SendMessageRequest request)
    {
        var content = ContentOf(request);
        return new()
        {
            ClientMessageId = request.ClientMessageId!,
            Type = request switch
            {
                // Its header may be a file, or a place.
                { Template: not null } => MessageType.Template,
                { AttachmentIds: [_] } => null,
                { Location: not null } => MessageType.Location,
                { Contacts: [_, ..] } => MessageType.Contacts,
                { Poll: not null } => MessageType.Poll,
                _ => MessageType.Text,
            },
            // A poll's question stands where others look for a text: in lists, quotes and searches.
            Text = request.Poll is { } poll ? poll.Question : request.Text,
            Content = content is null
                ? null
                : JsonSerializer.Serialize(content, FlowChatJson.Options),
            ReplyTo = request.ReplyTo,
            Mentions = [.. (request.Mentions ?? []).Select(JidOf)],
            AttachmentId = request.AttachmentIds is [var id] ? id : null,
            AttachmentKind = request.FilledTemplate?.HeaderType,
        };
    }

    /// <summary>With the page of its link.</summary>
    public bool HasPreview => Type == MessageType.Text && Content is not null;

    /// <summary>The same words to the same message: not another one that took its client_message_id.</summary>
    public bool IsSame(Message message) =>
        (Text ?? "") == (message.Text ?? "")
        && (Type is null || Type == message.Type)
        && ReplyTo == message.ReplyTo?.MessageId
        && AttachmentId == (message.Attachments is [var first, ..] ? first.Id : null)
        && Mentions.SequenceEqual(message.Mentions.Select(mention => mention.Jid))
        && SameContent(message);

    private bool SameContent(Message message) =>
        Content is null
            ? message.Content is null
            : message.Content is { } other
                && JsonElement.DeepEquals(
                    JsonElement.Parse(Content),
                    JsonElement.Parse(Type == MessageType.Poll ? WithoutVotes(other) : other)
                );

    // They come after it was sent.
    private static string WithoutVotes(string poll) =>
        JsonSerializer.Serialize(
            JsonSerializer.Deserialize<PollContent>(poll, FlowChatJson.Options)! with
            {
                Votes = [],
            },
            FlowChatJson.Options
        );

    private static object? ContentOf(SendMessageRequest request) =>
        request switch
        {
            { FilledTemplate: { } template } => template,
            { Location: { } place } => place,
            { Contacts: { Count: > 0 } cards } => new ContactsContent(cards),
            { LinkPreview: true } => new LinkContent(true),
            { Poll: { } poll } => new PollContent(
                poll.Question!,
                poll.Options!,
                poll.SelectableCount ?? 1,
                []
            ),
            _ => null,
        };

    private static string JidOf(string mention) =>
        mention.Contains('@', StringComparison.Ordinal)
            ? mention
            : string.Concat(mention.Where(char.IsAsciiDigit)) + "@s.whatsapp.net";
}
