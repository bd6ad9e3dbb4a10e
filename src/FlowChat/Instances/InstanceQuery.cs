using FlowChat.Storage;

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
        return (
            await transaction.ReadAsync(All, [], row => InstanceRow.Read(row), cancellationToken),
            seq
        );
    }

    public async Task<Instance?> FindAsync(
        Guid tenantId,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        return (
            await transaction.ReadAsync(
                One,
                [SqlBatch.Value(id)],
                row => InstanceRow.Read(row),
                cancellationToken
            )
        ).FirstOrDefault();
    }
}
