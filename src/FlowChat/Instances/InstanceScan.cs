using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Instances;

/// <summary>The numbers of all tenants, for the duties that look after them.</summary>
internal static class InstanceScan
{
    /// <summary>To be narrowed by further conditions.</summary>
    public const string All =
        "select i.tenant_id, "
        + InstanceRow.Columns
        + " from instances i where i.deleted_at is null";

    public static async Task<IReadOnlyList<(Guid TenantId, Instance Instance)>> ReadAsync(
        Database database,
        string sql,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters
    )
    {
        await using var command = database.System.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(Guid, Instance)>();
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add((row.GetGuid(0), InstanceRow.Read(row, first: 1)));
        }
        return found;
    }
}
