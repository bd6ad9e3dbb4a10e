using Npgsql;

namespace FlowChat.Storage;

/// <summary>A transaction of the app role that sees one tenant. Disposed without a commit, it leaves nothing behind.</summary>
public sealed class TenantTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
    : IAsyncDisposable
{
    public const string SetTenant = "select set_config('flowchat.tenant', $1, true)";

    public NpgsqlConnection Connection { get; } = connection;

    public NpgsqlTransaction Transaction { get; } = transaction;

    internal async Task<List<T>> ReadAsync<T>(
        string sql,
        IEnumerable<NpgsqlParameter> parameters,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, Connection, Transaction);
        command.Parameters.AddRange(parameters.ToArray());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<T>();
        while (await row.ReadAsync(cancellationToken))
        {
            items.Add(read(row));
        }
        return items;
    }

    public Task CommitAsync(CancellationToken cancellationToken) =>
        Transaction.CommitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
