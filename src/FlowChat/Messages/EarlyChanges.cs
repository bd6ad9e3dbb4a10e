using FlowChat.Inbound;
using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>
/// A message and a change of it that two nodes write at the same moment under two addresses of one person miss each
/// other: the change waits for a message that is there. Each minute such changes are applied.
/// </summary>
internal sealed class EarlyChanges(
    Database database,
    TenantWriter writer,
    TimeProvider clock,
    Alarms alarms,
    ILogger<EarlyChanges> logger
) : Duty(clock, alarms, logger)
{
    private const string FindMissed = """
        select distinct e.tenant_id, e.instance_id, e.wa_id
        from early_changes e
        cross join lateral (
          select type from messages where instance_id = e.instance_id and wa_id = e.wa_id limit 1
        ) m
        where (m.type <> 'unsupported' or e.change ->> 'kind' <> 'Vote') and e.received_at < now() - interval '10 seconds'
          and e.change ->> 'is_telling' is distinct from 'true'
        limit 500
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [Every(Interval, RunOnceAsync)];

    /// <returns>How many messages had changes that waited in vain.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var missed = new List<(Guid TenantId, WaKey Key)>();
        await using (var command = database.Migrator.CreateCommand(FindMissed))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                missed.Add((reader.GetGuid(0), new(reader.GetGuid(1), reader.GetString(2))));
            }
        }
        foreach (var (tenantId, key) in missed)
        {
            await writer.WriteAsync(tenantId, new ApplyEarlyChanges(key), cancellationToken);
        }
        return missed.Count;
    }
}
