using Npgsql;

namespace FlowChat.Storage;

/// <summary>The three roles: made at the first start, checked at every one.</summary>
internal static class DatabaseRoles
{
    public const string Migrator = "flowchat_migrator";
    public const string App = "flowchat_app";
    public const string System = "flowchat_system";

    // Roles belong to the whole server: another database's start may be making them at the same moment.
    private const string Ensure = """
        do $$
        declare wanted text;
        begin
          perform pg_advisory_xact_lock(6701337);
          foreach wanted in array array['flowchat_migrator', 'flowchat_app', 'flowchat_system'] loop
            begin
              if to_regrole(wanted) is null then execute format('create role %I nologin', wanted); end if;
            exception when duplicate_object or unique_violation then null;
            end;
            if not pg_has_role(current_user, wanted, 'set') then
              execute format('grant %I to current_user with set true, inherit false', wanted);
            end if;
          end loop;
          if to_regnamespace('flowchat') is null then
            execute format('grant create on database %I to flowchat_migrator', current_database());
            set local role flowchat_migrator;
            create schema flowchat;
            grant usage on schema flowchat to flowchat_app, flowchat_system;
            reset role;
          end if;
        end $$
        """;

    private const string Bypass = """
        select current_user::text,
               (select rolsuper or rolbypassrls from pg_roles where rolname = current_user)
               or pg_has_role(current_user, 'flowchat_migrator', 'member')
        """;

    /// <exception cref="DatabaseRefusedException">The login may not make the roles; the message holds the remedy.</exception>
    public static async Task EnsureAsync(
        string connectionString,
        CancellationToken cancellationToken
    )
    {
        var login = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Timeout = 5,
        };
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        if (connection.PostgreSqlVersion.Major < 16)
        {
            throw new DatabaseRefusedException(
                $"PostgreSQL {connection.PostgreSqlVersion} is too old: FlowChat needs 16 or newer."
            );
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var command = new NpgsqlCommand(Ensure, connection);
                await command.ExecuteNonQueryAsync(cancellationToken);
                return;
            }
            catch (PostgresException error)
                when (error.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new DatabaseRefusedException(
                    $"The database login {login.Username} may not make FlowChat's roles. Run as a superuser: "
                        + $"alter role \"{login.Username}\" createrole; alter database \"{connection.Database}\" owner to \"{login.Username}\"; "
                        + "and, where another login made them: "
                        + $"grant flowchat_migrator, flowchat_app, flowchat_system to \"{login.Username}\" with admin option, set true, inherit false;",
                    error
                );
            }
            // "tuple concurrently updated": two databases' starts grant at once.
            catch (PostgresException error)
                when (error.SqlState == PostgresErrorCodes.InternalError && attempt < 5) { }
        }
    }

    /// <exception cref="DatabaseRefusedException">A connection's role could pass row-level security by.</exception>
    public static async Task RefuseBypassAsync(
        Database database,
        CancellationToken cancellationToken
    )
    {
        foreach (var (source, role) in new[] { (database.App, App), (database.System, System) })
        {
            await using var command = source.CreateCommand(Bypass);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var (actual, bypasses) = (reader.GetString(0), reader.GetBoolean(1));
            if (actual != role || bypasses)
            {
                throw new DatabaseRefusedException(
                    $"The database role {actual} could read every tenant's rows. Run as a superuser: "
                        + $"alter role {role} nosuperuser nobypassrls; revoke {Migrator} from {role};"
                );
            }
        }
    }
}

/// <summary>The database can't be used as it is; the message says what to do.</summary>
public sealed class DatabaseRefusedException : Exception
{
    public DatabaseRefusedException(string message)
        : base(message) { }

    public DatabaseRefusedException(string message, Exception inner)
        : base(message, inner) { }
}
