namespace FlowChat.Groups;

internal sealed class Group
{
    public required Guid Id { get; init; }
    public required string Jid { get; init; }
    public string? Name { get; set; }
    public long Version { get; set; } = 1;

    public GroupView ToView() => new(Id, Jid, Name);
}

public sealed record GroupView(Guid Id, string Jid, string? Name);
