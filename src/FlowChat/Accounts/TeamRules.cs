namespace FlowChat.Accounts;

/// <summary>Who may change whom. Each answers the reason of a refusal, or null.</summary>
internal static class TeamRules
{
    public static string? ToGive(Caller caller, Role role) =>
        role > caller.Role
            ? $"Your own role is {caller.Role.Text()}: you can't give the role {role.Text()}."
            : null;

    public static string? ToChange(Caller caller, User user) =>
        user.Role == Role.Owner && caller.Role < Role.Owner
            ? "Only an owner may change an owner."
            : null;

    /// <remarks>All owners are among the locked, until the change is committed.</remarks>
    public static string? ToLose(User before, User after, IEnumerable<User> locked) =>
        IsActiveOwner(before)
        && !IsActiveOwner(after)
        && !locked.Any(other => other.Id != before.Id && IsActiveOwner(other))
            ? "This is the last owner who can sign in. Make someone else an owner first."
            : null;

    private static bool IsActiveOwner(User user) =>
        user.Role == Role.Owner && user.DisabledAt is null;
}
