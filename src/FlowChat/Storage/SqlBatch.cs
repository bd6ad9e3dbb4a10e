using Npgsql;

namespace FlowChat.Storage;

/// <summary>Statements that go to the server together: one round trip, each with a snapshot of its own.</summary>
internal sealed class SqlBatch(NpgsqlConnection connection) : IAsyncDisposable
{
    private readonly List<Action<NpgsqlDataReader>> _readers = [];

    public NpgsqlBatch Batch { get; } = new(connection);

    public void Add(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }
        Batch.BatchCommands.Add(command);
    }

    /// <summary>Adds a query; <paramref name="row"/> is called for each of its rows.</summary>
    public void Read(
        string sql,
        Action<NpgsqlDataReader> row,
        params ReadOnlySpan<NpgsqlParameter> parameters
    )
    {
        Add(sql, parameters);
        _readers.Add(row);
    }

    /// <summary>Runs a batch whose queries were all added by <see cref="Read"/>.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Batch.BatchCommands.Count == 0)
        {
            return;
        }
        await using var reader = await Batch.ExecuteReaderAsync(cancellationToken);
        foreach (var row in _readers)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                row(reader);
            }
            await reader.NextResultAsync(cancellationToken);
        }
    }

    /// <summary>Runs a batch of changes and returns the last number that a statement answered.</summary>
    public async Task<long?> RunForLastAsync(CancellationToken cancellationToken)
    {
        long? last = null;
        if (Batch.BatchCommands.Count == 0)
        {
            return last;
        }
        await using var reader = await Batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                last = reader.FieldCount > 0 ? reader.GetValue(0) as long? ?? last : last;
            }
        } while (await reader.NextResultAsync(cancellationToken));
        return last;
    }

    public static NpgsqlParameter Value<T>(T value) =>
        new NpgsqlParameter<T> { TypedValue = value };

    public static NpgsqlParameter Column<TRow, T>(IReadOnlyList<TRow> rows, Func<TRow, T> value)
    {
        var column = new T[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = value(rows[i]);
        }
        return new NpgsqlParameter<T[]> { TypedValue = column };
    }

    public ValueTask DisposeAsync() => Batch.DisposeAsync();
}
