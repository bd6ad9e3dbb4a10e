using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>The body of a send. Its type follows from what is given: a text, or one of location, contacts, poll, template or an attachment.</summary>
public sealed record SendMessageRequest(string? ClientMessageId, string? Type, string? Text)
{
    /// <summary>The id of the message that it answers.</summary>
    public Guid? ReplyTo { get; init; }

    /// <summary>JIDs, or numbers with their country code; the text has an @ and the number for each.</summary>
    public IReadOnlyList<string>? Mentions { get; init; }

    /// <summary>One, of POST /api/attachments: the text is its caption, or it is its template's header.</summary>
    public IReadOnlyList<Guid>? AttachmentIds { get; init; }

    /// <summary>By itself, or its template's header.</summary>
    public LocationContent? Location { get; init; }
    public IReadOnlyList<ContactCard>? Contacts { get; init; }
    public PollRequest? Poll { get; init; }
    public TemplateRequest? Template { get; init; }

    /// <summary>Shows the page of the text's first link with it: the gateway fetches that page. Absent = no.</summary>
    public bool? LinkPreview { get; init; }

    /// <summary>Of its template, once its blanks are filled in.</summary>
    internal TemplateContent? FilledTemplate { get; init; }

    /// <summary>As it will be stored: what is left is what is checked.</summary>
    internal SendMessageRequest Cleaned() =>
        this with
        {
            ClientMessageId = Clean(ClientMessageId),
            Text = Clean(Text),
            Mentions = Clean(Mentions),
            Location = Location is { } place
                ? place with
                {
                    Name = Clean(place.Name),
                    Address = Clean(place.Address),
                }
                : null,
            Contacts = Contacts is { } cards ? [.. cards.Select(card => Clean(card))] : null,
            Poll = Poll is { } poll
                ? poll with
                {
                    Question = Clean(poll.Question),
                    Options = Clean(poll.Options),
                }
                : null,
        };

    private static ContactCard Clean(ContactCard card) =>
        card with
        {
            Name = Clean(card.Name)!,
            Phones = Clean(card.Phones)!,
            Organization = Clean(card.Organization),
            Email = Clean(card.Email),
        };

    private static string[]? Clean(IReadOnlyList<string>? texts) =>
        texts is null ? null : [.. texts.Select(text => Clean(text)!)];

    private static string? Clean(string? text) => text is null ? null : StorableText.Clean(text);
}

/// <param name="Name">Of one of GET /api/instances/{id}/templates.</param>
/// <param name="Language">And its language.</param>
/// <param name="Parameters">What each of its blanks says, by its key.</param>
public sealed record TemplateRequest(
    string? Name,
    string? Language,
    IReadOnlyDictionary<string, string>? Parameters
);

public sealed record PollRequest(
    string? Question,
    IReadOnlyList<string>? Options,
    int? SelectableCount
);
