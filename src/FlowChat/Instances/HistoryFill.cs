using FlowChat.Inbound.Evolution;
using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>After each reconnect, and every ten minutes, asks the gateway for what its webhooks didn't bring.</summary>
internal sealed class HistoryFill(
    Database database,
    TenantWriter writer,
    EvolutionHistory history,
    TimeProvider clock,
    Alarms alarms,
    ILogger<HistoryFill> logger
) : Duty(clock, alarms, logger)
{
    private const string FindOpen =
        "select i.tenant_id, "
        + InstanceRow.Columns
        + " from instances i where i.deleted_at is null and i.state = 'open'";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [Every(Look, RunOnceAsync)];

    /// <summary>Looks at every connected number once.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenantId, instance) in await FindAsync(cancellationToken))
        {
            if (EvolutionHistory.Has(instance) && ClaimFill.IsDue(instance, Clock.GetUtcNow()))
            {
                await FillAsync(tenantId, instance, cancellationToken);
            }
        }
    }

    private async Task FillAsync(
        Guid tenantId,
        Instance instance,
        CancellationToken cancellationToken
    )
    {
        var claim = new ClaimFill(instance.Id);
        if (await writer.WriteAsync(tenantId, claim, cancellationToken) is not { } since)
        {
            return;
        }
        if (await history.FillAsync(tenantId, instance, since, cancellationToken) is null)
        {
            await writer.WriteAsync(
                tenantId,
                new ReturnFill(instance.Id, instance.FilledAt),
                cancellationToken
            );
        }
    }

    private async Task<IReadOnlyList<(Guid, Instance)>> FindAsync(
        CancellationToken cancellationToken
    )
    {
        await using var command = database.System.CreateCommand(FindOpen);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(Guid, Instance)>();
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add((row.GetGuid(0), InstanceRow.Read(row, first: 1)));
        }
        return found;
    }
}
