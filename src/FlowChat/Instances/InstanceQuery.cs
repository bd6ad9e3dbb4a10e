using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Instances;

internal sealed class InstanceQuery(Database database)
{
    private const string All =
        "select "
        + InstanceRow.Columns
        + " from instances i where i.deleted_at is null order by i.created_at, i.id";
    private const string One =
        "select "
        + InstanceRow.Columns
        + " from instances i where i.id = $1 and i.deleted_at is null";

    public async Task<(IReadOnlyList<Instance> Instances, long Seq)> ReadAllAsync(
        Guid tenantId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var seq = await transaction.ReadSeqAsync(cancellationToken);
        return (await ReadAsync(transaction, All, [], cancellationToken), seq);
    }

    public async Task<Instance?> FindAsync(
        Guid tenantId,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        return (
            await ReadAsync(transaction, One, [SqlBatch.Value(id)], cancellationToken)
        ).FirstOrDefault();
    }

    private static async Task<List<Instance>> ReadAsync(
        TenantTransaction transaction,
        string sql,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            sql,
            transaction.Connection,
            transaction.Transaction
        );
        command.Parameters.AddRange(parameters);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var instances = new List<Instance>();
        while (await row.ReadAsync(cancellationToken))
        {
            instances.Add(InstanceRow.Read(row));
        }
        return instances;
    }
}
