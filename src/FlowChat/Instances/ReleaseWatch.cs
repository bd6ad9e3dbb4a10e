using System.Collections.Concurrent;
using FlowChat.Gateways;
using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>Asks the numbers' gateways for their release: every ten minutes, and after each change of a connection.</summary>
internal sealed class ReleaseWatch(
    Database database,
    TenantWriter writer,
    GatewayCatalog gateways,
    TimeProvider clock,
    Alarms alarms,
    ILogger<ReleaseWatch> logger
) : Duty(clock, alarms, logger)
{
    private const string FindReachable =
        InstanceScan.All + " and i.gateway = 'evolution' and i.state <> 'unreachable'";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _askedAt = new();

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [NowAndEvery(Look, RunOnceAsync)];

    /// <summary>Asks those that are due.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var reachable = await InstanceScan.ReadAsync(database, FindReachable, cancellationToken);
        var due = reachable.Where(one => IsDue(one.Instance));
        await ForEachAsync(due, one => one.Instance.Id, AskAsync, cancellationToken);
    }

    private bool IsDue(Instance instance) =>
        !_askedAt.TryGetValue(instance.Id, out var at)
        || instance.StateAt > at
        || (Clock.GetUtcNow() - at).Duration() >= Interval;

    private async Task AskAsync(
        (Guid TenantId, Instance Instance) one,
        CancellationToken cancellationToken
    )
    {
        var (tenantId, instance) = one;
        _askedAt[instance.Id] = Clock.GetUtcNow();
        var release = await gateways.For(instance).ReadReleaseAsync(instance, cancellationToken);
        if (instance.Learn(release))
        {
            await writer.WriteAsync(
                tenantId,
                new LearnRelease(instance.Id, release),
                cancellationToken
            );
        }
    }
}
