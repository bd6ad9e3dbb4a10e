namespace FlowChat.Accounts;

internal sealed record User
{
    public const string Columns =
        "id, email, name, role, is_operator as operator, disabled_at, version, created_at";

    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public required string Name { get; init; }
    public required Role Role { get; init; }
    public required bool Operator { get; init; }
    public required DateTimeOffset? DisabledAt { get; init; }
    public required long Version { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
