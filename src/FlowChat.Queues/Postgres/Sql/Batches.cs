using Npgsql;
using NpgsqlTypes;

namespace FlowChat.Queues.Postgres.Sql;

internal static class Batches
{
    // A plan is kept for long, and may have been made while the table was nearly empty.
    private const string SeekSql = """
        select where set_config('enable_seqscan', 'off', true) = 'off'
          and set_config('enable_hashjoin', 'off', true) = 'off'
          and set_config('enable_mergejoin', 'off', true) = 'off'
          and set_config('enable_material', 'off', true) = 'off'
        """;

    /// <summary>What follows in this batch finds each named row by its key, however the table has grown.</summary>
    public static void Seek(this NpgsqlBatch batch) => batch.Append(SeekSql);

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
