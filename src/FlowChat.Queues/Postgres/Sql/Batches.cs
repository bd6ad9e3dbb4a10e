using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Queues.Postgres.Sql;

internal static class Batches
{
    public static NpgsqlBatchCommand Append(
        this NpgsqlBatch batch,
        string sql,
        params NpgsqlParameter[] parameters
    )
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlParameter Value<T>(T value) =>
        new NpgsqlParameter<T> { TypedValue = value };

    public static NpgsqlParameter Array<TItem, TValue>(
        IEnumerable<TItem> items,
        NpgsqlDbType type,
        Func<TItem, TValue> select
    ) => new() { Value = items.Select(select).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
