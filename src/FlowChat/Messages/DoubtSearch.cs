using FlowChat.Inbound;
using FlowChat.Inbound.Evolution;
using FlowChat.Instances;
using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>
/// A minute after a send's outcome became unknown, asks its gateway once for what was written since: what that finds goes
/// the way of an echo. A gateway that is away, or refuses, is asked again every two minutes for an hour.
/// </summary>
internal sealed class DoubtSearch(
    Database database,
    TenantWriter writer,
    EvolutionHistory history,
    TimeProvider clock,
    Alarms alarms,
    ILogger<DoubtSearch> logger
) : Duty(clock, alarms, logger)
{
    // A message may wait for hours before it is called for; a call, and the discovery that its worker died, take minutes.
    private const string FindDue =
        "select i.tenant_id, d.since, "
        + InstanceRow.Columns
        + """

            from (
              select m.tenant_id, m.instance_id, min(greatest(m.sent_at, m.unknown_at - interval '1 hour')) as since
              from messages m
              join instances n on n.tenant_id = m.tenant_id and n.id = m.instance_id
              where m.status = 'unknown' and m.unknown_at <= $1 and m.unknown_at > $2
                and n.gateway = 'evolution' and n.state = 'open' and n.deleted_at is null
                and (n.searched_at is null or m.unknown_at > n.searched_at - ($3 - $1))
              group by m.tenant_id, m.instance_id
            ) d
            join instances i on i.tenant_id = d.tenant_id and i.id = d.instance_id
            """;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    // Clocks differ.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [Every(Look, RunOnceAsync)];

    /// <summary>Asks the gateways of those that are due.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = (await FindAsync(cancellationToken)).Where(one =>
            ClaimSearch.IsDue(one.Instance, Clock.GetUtcNow())
        );
        await ForEachAsync(due, one => one.Instance.Id, AskAsync, cancellationToken);
    }

    private async Task AskAsync(
        (Guid TenantId, DateTimeOffset Since, Instance Instance) one,
        CancellationToken cancellationToken
    )
    {
        var (tenantId, since, instance) = one;
        var began = Clock.GetStorableNow();
        if (!await writer.WriteAsync(tenantId, new ClaimSearch(instance.Id), cancellationToken))
        {
            return;
        }
        var isWhole = await history.FillAsync(
            tenantId,
            instance,
            since - Slack,
            new FillTally(began, began),
            _ => Task.CompletedTask,
            cancellationToken
        );
        if (isWhole)
        {
            var end = new EndSearch(instance.Id, began);
            await writer.WriteAsync(tenantId, end, cancellationToken);
        }
    }

    private async Task<
        IReadOnlyList<(Guid TenantId, DateTimeOffset Since, Instance Instance)>
    > FindAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        await using var command = database.Migrator.CreateCommand(FindDue);
        command.Parameters.Add(SqlBatch.Value(now - OpenSends.UnknownHold));
        command.Parameters.Add(SqlBatch.Value(now - Patience));
        command.Parameters.Add(SqlBatch.Value(now));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<(Guid, DateTimeOffset, Instance)>();
        while (await row.ReadAsync(cancellationToken))
        {
            found.Add((row.GetGuid(0), row.Time(1), InstanceRow.Read(row, first: 2)));
        }
        return found;
    }
}

/// <summary>One node at a time asks. False = another one does.</summary>
internal sealed class ClaimSearch(Guid instanceId) : TenantChange<bool>
{
    // Of one that died, or that the gateway refused.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    public static bool IsDue(Instance instance, DateTimeOffset now) =>
        !(now - instance.SearchClaimedAt < Lease);

    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override bool Apply(Workspace work)
    {
        if (
            work.Instances.Find(instanceId) is not { DeletedAt: null } instance
            || !IsDue(instance, work.Now)
        )
        {
            return false;
        }
        instance.SearchClaimedAt = work.Now;
        work.Instances.Touch(instance);
        return true;
    }
}

/// <summary>The gateway has told what it knows of the sends whose minute was over then.</summary>
internal sealed class EndSearch(Guid instanceId, DateTimeOffset began) : TenantChange<bool>
{
    public override void Declare(WorkKeys keys) => keys.Instances.Add(instanceId);

    public override bool Apply(Workspace work)
    {
        if (work.Instances.Find(instanceId) is not { } instance)
        {
            return false;
        }
        (instance.SearchedAt, instance.SearchClaimedAt) = (began, null);
        work.Instances.Touch(instance);
        return true;
    }
}
