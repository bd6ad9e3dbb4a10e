using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>What a business asks.</summary>
/// <param name="Text">Its words.</param>
/// <param name="Content">What stands around them.</param>
/// <param name="Header">The medium above them.</param>
internal sealed record EvolutionQuestion(
    string? Text,
    InteractiveContent Content,
    MessageBody? Header = null
)
{
    public bool HasCards { get; init; }

    /// <summary>Whether this is all of it.</summary>
    public bool IsWhole =>
        !HasCards && (Text is not null || Content.Options.Count > 0 || Header is not null);
}
