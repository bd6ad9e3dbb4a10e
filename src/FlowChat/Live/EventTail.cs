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

    // Of all rings together, in characters: readers at the ends of their logs need the last few events only.
    private const long MostHeld = 64 * 1_048_576;

    private readonly ConcurrentDictionary<Guid, TenantFeed> _feeds = new();

    /// <summary>How many tenants' events this node keeps at hand.</summary>
    public int Feeds => _feeds.Count;

    /// <summary>The feed of a tenant, at the end of its log. Call <see cref="TenantFeed.Leave"/> when done.</summary>
    public async Task<TenantFeed> OpenAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        TenantFeed feed;
        while (!(feed = _feeds.GetOrAdd(tenantId, id => new(id, Clock))).TryEnter())
        {
            _feeds.TryRemove(KeyValuePair.Create(tenantId, feed));
        }
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
        [FollowHintsAsync, FollowPassingAsync, PollAsync];

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

    private async Task FollowPassingAsync(CancellationToken cancellationToken)
    {
        await foreach (var (tenantId, data) in signal.Passing.ReadAllAsync(cancellationToken))
        {
            if (_feeds.TryGetValue(tenantId, out var feed) && feed.HasReaders)
            {
                feed.Pass(data);
            }
        }
    }

    private async Task PollAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PollInterval, Clock);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            FreeFeeds();
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
                if (_feeds.TryGetValue(tenantId, out var feed) && feed.Last < seq)
                {
                    await CatchUpAsync(feed, seq, cancellationToken);
                }
            }
        }
    }

    /// <summary>Lets go of what no reader needs.</summary>
    public void FreeFeeds()
    {
        foreach (var feed in _feeds.Values.Where(feed => feed.TryClose()))
        {
            _feeds.TryRemove(KeyValuePair.Create(feed.TenantId, feed));
        }
        if (_feeds.Values.Sum(feed => feed.Size) > MostHeld)
        {
            foreach (var feed in _feeds.Values)
            {
                feed.Forget();
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
