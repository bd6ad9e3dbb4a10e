using System.Text.Json;
using FlowChat.Json;
using FlowChat.Media;
using FlowChat.Messages;
using FlowChat.Messages.Changes;
using FlowChat.Messages.Content;

namespace FlowChat.Gateways;

/// <summary>A message on its way out.</summary>
internal sealed record OutboundMessage
{
    /// <summary>FlowChat's own id of it, for gateways that take one.</summary>
    public required Guid Id { get; init; }
    public required Guid TenantId { get; init; }

    /// <summary>The id that it shall have in WhatsApp; null = its gateway gives one.</summary>
    public string? WaId { get; init; }
    public required string Jid { get; init; }

    /// <summary>See <see cref="MessageType"/>.</summary>
    public required string Type { get; init; }
    public string? Text { get; init; }

    /// <summary>JSON, of the form that its type says.</summary>
    public string? Content { get; init; }

    /// <summary>Whether the page of a text's link is shown with it.</summary>
    public bool HasPreview =>
        Type == MessageType.Text
        && Content is not null
        && JsonSerializer.Deserialize<LinkContent>(Content, FlowChatJson.Options)!.LinkPreview;
    public OutboundQuote? ReplyTo { get; init; }
    public IReadOnlyList<string> Mentions { get; init; } = [];
    public StoredMedium? Media { get; init; }
}

/// <summary>What it answers, as the receiver's phone shall quote it. A participant is whose it was in a group, unless it was ours.</summary>
internal sealed record OutboundQuote(string WaId, bool FromMe, string? Participant, string? Text);

/// <summary>What the team does to a message that WhatsApp has: doing it twice does no harm.</summary>
/// <param name="Jid">The chat.</param>
/// <param name="WaId">The message.</param>
/// <param name="FromMe">Whether the number itself sent it.</param>
/// <param name="Participant">Who sent it in a group.</param>
/// <param name="Kind">See <see cref="MessageChangeKind"/>.</param>
/// <param name="Text">The emoji, empty for none; the new text.</param>
internal sealed record OutboundChange(
    string Jid,
    string WaId,
    bool FromMe,
    string? Participant,
    string Kind,
    string? Text
);

/// <summary>What became of a change.</summary>
internal abstract record ChangeResult
{
    private ChangeResult() { }

    public sealed record Done : ChangeResult;

    /// <summary>Another attempt would end the same way.</summary>
    public sealed record Refused(string Code, string? Reason) : ChangeResult;

    /// <summary>Another attempt may succeed.</summary>
    public sealed record Failed(string Reason) : ChangeResult;

    /// <summary>The number isn't connected, or its key is refused: no attempt.</summary>
    public sealed record NotConnected(string Reason) : ChangeResult;
}
