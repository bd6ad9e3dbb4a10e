using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>The body of a send. Its type follows from what is given: a text, or one of location, contacts, poll or an attachment.</summary>
public sealed record SendMessageRequest(string? ClientMessageId, string? Type, string? Text)
{
    /// <summary>The id of the message that it answers.</summary>
    public Guid? ReplyTo { get; init; }

    /// <summary>JIDs, or numbers with their country code; the text has an @ and the number for each.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>One, of POST /api/attachments: the text is its caption.</summary>
    public IReadOnlyList<Guid>? AttachmentIds { get; init; }
    public LocationContent? Location { get; init; }
    public IReadOnlyList<ContactCard>? Contacts { get; init; }
    public PollRequest? Poll { get; init; }

    /// <summary>As it will be stored: what is left is what is checked.</summary>
    internal SendMessageRequest Cleaned() =>
        this with
        {
            ClientMessageId = ClientMessageId is null ? null : StorableText.Clean(ClientMessageId),
            Text = Text is null ? null : StorableText.Clean(Text),
        };
}

public sealed record PollRequest(
    string? Question,
    IReadOnlyList<string>? Options,
    int? SelectableCount
);
