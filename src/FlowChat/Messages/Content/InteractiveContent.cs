using System.Text.Json.Serialization;

namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.Interactive"/>: what a business asks; the text stands in the message.</summary>
public sealed record InteractiveContent(
    string? Title,
    string? Footer,
    IReadOnlyList<InteractiveOption> Options
);

public sealed record InteractiveOption(string? Id, string Title, string? Description);

/// <summary>Of <see cref="MessageType.Choice"/>: what was chosen of it.</summary>
public sealed record ChoiceContent(string? Id, string Title, string? Description)
{
    /// <summary>What they filled in with it, where it ends a form; null = it ends none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ChoiceAnswer>? Answers { get; init; }
}

/// <param name="Name">The form's own word for the field.</param>
/// <param name="Value">As text; several are listed.</param>
public sealed record ChoiceAnswer(string Name, string Value);
