using System.Text.Json;
using Dapper;
using FlowChat.Json;
using FlowChat.Live;
using FlowChat.Storage;

namespace FlowChat.Accounts;

/// <summary>Writes users: what a team sees of its users changes here alone, and is in the live log with the change.</summary>
internal sealed class UserWriter(LiveSignal live)
{
    private const string Insert = $"""
        insert into users (id, email, name, role, password_hash)
        values (@Id, @Email, @Name, @Role, @passwordHash)
        returning {User.Columns}
        """;

    private const string Update = $"""
        update users
        set name = @Name, role = @Role, disabled_at = @DisabledAt, version = version + 1
        where id = @Id
        returning {User.Columns}
        """;

    /// <summary>Commits the transaction.</summary>
    public Task<User> AddAsync(
        TenantTransaction transaction,
        Guid tenantId,
        NewUser user,
        string passwordHash,
        CancellationToken cancellationToken
    ) =>
        SaveUserAsync(
            transaction,
            tenantId,
            Insert,
            new
            {
                Id = Guid.CreateVersion7(),
                user.Email,
                user.Name,
                Role = user.Role.Text(),
                passwordHash,
            },
            cancellationToken
        );

    /// <summary>Commits the transaction.</summary>
    public Task<User> ChangeAsync(
        TenantTransaction transaction,
        Guid tenantId,
        User changed,
        CancellationToken cancellationToken
    ) =>
        SaveUserAsync(
            transaction,
            tenantId,
            Update,
            new
            {
                changed.Id,
                changed.Name,
                Role = changed.Role.Text(),
                changed.DisabledAt,
            },
            cancellationToken
        );

    private async Task<User> SaveUserAsync(
        TenantTransaction transaction,
        Guid tenantId,
        string sql,
        object arguments,
        CancellationToken cancellationToken
    )
    {
        var user = await transaction.Connection.QuerySingleAsync<User>(
            new CommandDefinition(sql, arguments, cancellationToken: cancellationToken)
        );
        await using var log = new SqlBatch(transaction.Connection);
        EventLogWriter.Write(log, [UserEvent.Of(user)]);
        var seq = await log.RunForLastAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        live.Appended(tenantId, seq!.Value);
        return user;
    }
}

internal sealed record NewUser(string Email, string Name, Role Role);

/// <summary>A user as the team sees it: without the address.</summary>
internal sealed record UserEvent(UserEvent.UserView User)
{
    public static PendingEvent Of(User user)
    {
        var view = new UserView(user.Id, user.Name, user.Role, user.DisabledAt, user.Version);
        return new(
            LiveEventType.UserUpdated,
            null,
            JsonSerializer.Serialize(new UserEvent(view), FlowChatJson.Options)
        );
    }

    internal sealed record UserView(
        Guid Id,
        string Name,
        Role Role,
        DateTimeOffset? DisabledAt,
        long Version
    );
}
