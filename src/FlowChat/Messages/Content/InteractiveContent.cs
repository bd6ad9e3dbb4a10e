namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.Interactive"/>: what a business asks; the text stands in the message.</summary>
public sealed record InteractiveContent(
    string? Title,
    string? Footer,
    IReadOnlyList<InteractiveOption> Options
);

public sealed record InteractiveOption(string? Id, string Title, string? Description);

/// <summary>Of <see cref="MessageType.Choice"/>: what was chosen of it.</summary>
public sealed record ChoiceContent(string? Id, string Title, string? Description);
