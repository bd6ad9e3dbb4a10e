namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.Template"/>; its body, filled in, stands in the message's text.</summary>
/// <param name="Name">The template's, at the gateway.</param>
/// <param name="Language">Such as pt_BR.</param>
/// <param name="Header">The line above the text, filled in.</param>
/// <param name="Footer">The small line below it.</param>
/// <param name="Buttons">What they say.</param>
/// <param name="Values">What its blanks were filled in with, in their order.</param>
public sealed record TemplateContent(
    string Name,
    string Language,
    string? Header,
    string? Footer,
    IReadOnlyList<string> Buttons,
    IReadOnlyList<TemplateValue> Values
)
{
    /// <summary>image, video, document: the message's attachment is its header; location: its place. Null = a line or none.</summary>
    public string? HeaderType { get; init; }

    public LocationContent? Place { get; init; }
}

/// <param name="Key">The blank: body.1, header.nome, button.0.</param>
/// <param name="Text">What it says.</param>
public sealed record TemplateValue(string Key, string Text);
