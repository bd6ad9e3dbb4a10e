using Npgsql;

namespace FlowChat.Storage;

/// <summary>
/// The three doors to the database. Each is a role chosen by the connection's start-up option,
/// which survives pooling: a connection can't be taken in the wrong one.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    public const string Schema = "flowchat";

    // What the server does about a node that has vanished, whose open transaction would hold a tenant's rows: it ends one
    // that waits for its client, and looks during a long statement whether that is still there. The last three let it
    // learn so of a machine that is gone without a word.
    private const string Sessions =
        "-c idle_in_transaction_session_timeout=15s -c client_connection_check_interval=5s"
        + " -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3";

    public Database(string connectionString)
    {
        ConnectionString = connectionString;
        Migrator = Open(connectionString, DatabaseRoles.Migrator, 2);
        App = Open(connectionString, DatabaseRoles.App, 40, keepsNoState: true);
        System = Open(connectionString, DatabaseRoles.System, 20);
        Probe = Open(connectionString, DatabaseRoles.Migrator, 2);
    }

    public string ConnectionString { get; }

    /// <summary>Sees all rows: migrations, new tenants, housekeeping.</summary>
    public NpgsqlDataSource Migrator { get; }

    /// <summary>Sees the rows of the tenant that its transaction names.</summary>
    public NpgsqlDataSource App { get; }

    /// <summary>Spans tenants for claims, log tailing and look-ups that precede a tenant; for nothing else.</summary>
    public NpgsqlDataSource System { get; }

    /// <summary>
    /// For the health look alone, which asks for the schema's state: a node whose other connections are all busy is
    /// slow, and not away.
    /// </summary>
    public NpgsqlDataSource Probe { get; }

    public async Task<TenantTransaction> BeginAsync(
        Guid tenantId,
        CancellationToken cancellationToken
    )
    {
        var connection = await App.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(
                TenantTransaction.SetTenant,
                connection,
                transaction
            );
            command.Parameters.Add(new() { Value = tenantId.ToString() });
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new(connection, transaction);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await System.DisposeAsync();
        await Migrator.DisposeAsync();
        await Probe.DisposeAsync();
    }

    private static NpgsqlDataSource Open(
        string connectionString,
        string role,
        int connections,
        bool keepsNoState = false
    )
    {
        var address = new NpgsqlConnectionStringBuilder(connectionString);
        // A socket in a folder knows no keep-alive, and needs none.
        var isRemote = !Path.IsPathRooted(address.Host);
        return NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(address.ConnectionString)
            {
                Options = $"-c role={role} {Sessions}",
                SearchPath = Schema,
                ApplicationName = role,
                MaxPoolSize = connections,
                // All that the app role sets is local to its transactions.
                NoResetOnClose = keepsNoState,
                // Whatever DATABASE_URL says: the details of an error are the texts of its row, and errors are logged.
                IncludeErrorDetail = false,
                // LISTEN only waits: without it a connection that a firewall has dropped is never missed.
                TcpKeepAlive = isRemote,
                TcpKeepAliveTime = isRemote ? 30 : 0,
                TcpKeepAliveInterval = isRemote ? 10 : 0,
                MaxAutoPrepare = 200,
                AutoPrepareMinUsages = 2,
                Timeout = 5,
                CommandTimeout = 30,
            }
        );
    }
}
