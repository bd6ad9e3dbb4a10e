using FlowChat.Inbound;
using FlowChat.Inbound.Evolution;
using FlowChat.Operations;
using FlowChat.Storage;

namespace FlowChat.Instances;

/// <summary>After each reconnect, and every ten minutes, asks the gateway for what its webhooks didn't bring.</summary>
internal sealed partial class HistoryFill(
    Database database,
    TenantWriter writer,
    EvolutionHistory history,
    TimeProvider clock,
    Alarms alarms,
    ILogger<HistoryFill> logger
) : Duty(clock, alarms, logger)
{
    private const string FindOpen = InstanceScan.All + " and i.state = 'open'";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);

    // A webhook comes within seconds; one whose first attempt fails a little later.
    private static readonly TimeSpan UnderWay = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = logger;
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();

    // Its claim keeps a number whose fill is under way from a second one.
    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [ForEachAfter(Look, FindDueAsync, one => one.Instance.Id, FillAsync)];

    /// <summary>Looks at every connected number once.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await FindDueAsync(cancellationToken);
        await ForEachAsync(due, one => one.Instance.Id, FillAsync, cancellationToken);
    }

    private async Task<IReadOnlyList<(Guid TenantId, Instance Instance)>> FindDueAsync(
        CancellationToken cancellationToken
    )
    {
        var open = await InstanceScan.ReadAsync(database, FindOpen, cancellationToken);
        var now = Clock.GetUtcNow();
        return
        [
            .. open.Where(one =>
                EvolutionHistory.Has(one.Instance) && ClaimFill.IsDue(one.Instance, now)
            ),
        ];
    }

    private async Task FillAsync(
        (Guid TenantId, Instance Instance) one,
        CancellationToken cancellationToken
    )
    {
        var (tenantId, instance) = one;
        var began = Clock.GetStorableNow();
        var claim = new ClaimFill(instance.Id);
        if (await writer.WriteAsync(tenantId, claim, cancellationToken) is not { } since)
        {
            return;
        }
        var tally = new FillTally(HeardSince(instance), began - UnderWay);
        var isWhole = await history.FillAsync(
            tenantId,
            instance,
            since,
            tally,
            reached => ReachAsync(reached, isEnd: false),
            cancellationToken
        );
        if (tally.Missing > 0)
        {
            Log.Filled(_logger, instance.Id, tally.Missing);
        }
        if (tally.IsSilent)
        {
            Log.Silent(_logger, instance.Id);
            await writer.WriteAsync(tenantId, new FallSilent(instance.Id), cancellationToken);
        }
        if (isWhole)
        {
            await ReachAsync(began, isEnd: true);
        }

        Task ReachAsync(DateTimeOffset reached, bool isEnd) =>
            writer.WriteAsync(
                tenantId,
                new ReachFill(instance.Id, reached < began ? reached : began, isEnd),
                cancellationToken
            );
    }

    /// <summary>What was written while this process, or the number, was away may have come to nobody.</summary>
    private DateTimeOffset HeardSince(Instance instance) =>
        new[]
        {
            _startedAt,
            instance.StateAt,
            instance.FilledAt ?? instance.CreatedAt,
            instance.WebhookSetAt ?? DateTimeOffset.MaxValue,
        }.Max();

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Count} messages and receipts of {InstanceId} had not come by webhook and were fetched"
        )]
        public static partial void Filled(ILogger logger, Guid instanceId, int count);

        [LoggerMessage(
            LogLevel.Warning,
            "No webhook told any of the last messages of {InstanceId}: its gateway is told again whom to call"
        )]
        public static partial void Silent(ILogger logger, Guid instanceId);
    }
}
