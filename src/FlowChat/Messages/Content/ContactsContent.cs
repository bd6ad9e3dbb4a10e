namespace FlowChat.Messages.Content;

/// <summary>Of <see cref="MessageType.Contacts"/>.</summary>
public sealed record ContactsContent(IReadOnlyList<ContactCard> Contacts);

public sealed record ContactCard(string Name, IReadOnlyList<string> Phones)
{
    public string? Organization { get; init; }
    public string? Email { get; init; }
}
