using System.Collections.Concurrent;
using FlowChat.Operations;
using Npgsql;

namespace FlowChat.Live;

/// <summary>Keeps the feeds of this node's readers at the end of their logs, woken by hints and by a slow poll behind them.</summary>
internal sealed partial class EventTail(
    EventLog log,
    LiveSignal signal,
    TimeProvider clock,
    Alarms alarms,
    ILogger<EventTail> logger
) : Duty(clock, alarms, logger)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, TenantFeed> _feeds = new();

    /// <summary>The feed of a tenant, at the end of its log. Call <see cref="TenantFeed.Leave"/> when done.</summary>
    public async Task<TenantFeed> OpenAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var feed = _feeds.GetOrAdd(tenantId, id => new(id));
        feed.Enter();
        try
        {
            await feed.CatchUpAsync(log, -1, cancellationToken);
            return feed;
        }
        catch
        {
            feed.Leave();
            throw;
        }
    }

    public override void Dispose()
    {
        foreach (var feed in _feeds.Values)
        {
            feed.Dispose();
        }
        base.Dispose();
    }

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops =>
        [FollowHintsAsync, PollAsync];

    private async Task FollowHintsAsync(CancellationToken cancellationToken)
    {
        await foreach (var (tenantId, seq) in signal.Local.ReadAllAsync(cancellationToken))
        {
            if (_feeds.TryGetValue(tenantId, out var feed) && feed.HasReaders && feed.Last < seq)
            {
                // One tenant's slow page must not hold the others' events.
                _ = CatchUpAsync(feed, seq, cancellationToken);
            }
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PollInterval, Clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            Guid[] watched =
            [
                .. _feeds.Values.Where(feed => feed.HasReaders).Select(feed => feed.TenantId),
            ];
            if (watched.Length == 0)
            {
                continue;
            }
            foreach (var (tenantId, seq) in await log.ReadLastAsync(watched, cancellationToken))
            {
                if (_feeds[tenantId].Last < seq)
                {
                    await CatchUpAsync(_feeds[tenantId], seq, cancellationToken);
                }
            }
        }
    }

    private async Task CatchUpAsync(TenantFeed feed, long seq, CancellationToken cancellationToken)
    {
        try
        {
            await feed.CatchUpAsync(log, seq, cancellationToken);
        }
        catch (NpgsqlException error)
        {
            // The poll comes back to it.
            Log.Away(logger, error.Message);
        }
        catch (OperationCanceledException) { }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The event log can't be read: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
