using System.Runtime.CompilerServices;
using FlowChat.Accounts;

namespace FlowChat.Live;

/// <summary>The log as a stream from any place of it, for as long as the reader may read.</summary>
internal sealed class LiveStream(
    EventTail tail,
    EventLog log,
    SessionSentinel sentinel,
    LiveFarewell farewell,
    TimeProvider clock
)
{
    private const int Page = 500;
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMinutes(1);

    /// <summary>When this node stops, ends with the hint to reconnect: the reader goes on at another, from its last seq.</summary>
    /// <exception cref="UnauthenticatedException">The session or key has ended.</exception>
    public async IAsyncEnumerable<LiveEvent> ReadAsync(
        Caller caller,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var watch = sentinel.WatchOver(caller);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            farewell.Stopping,
            watch.Revoked
        );
        var feed = await tail.OpenAsync(caller.TenantId, cancellationToken);
        var checkedAt = clock.GetTimestamp();
        try
        {
            var held = feed.Last;
            var bounds = await log.ReadBoundsAsync(caller.TenantId, cancellationToken);
            if (held > bounds.Last)
            {
                // A restored backup: what this node remembers never happened.
                feed.Restart(bounds.Last);
            }
            await feed.CatchUpAsync(log, bounds.Last, cancellationToken);
            if (!bounds.Holds(after))
            {
                after = bounds.Last;
                yield return LiveEvent.Reset(after, clock.GetUtcNow());
            }
            var passed = feed.Passing.Count;
            while (!stop.IsCancellationRequested)
            {
                var news = feed.News;
                foreach (var data in feed.Passing.Since(ref passed))
                {
                    yield return LiveEvent.Typing(after, clock.GetUtcNow(), data);
                }
                var events =
                    feed.After(after)
                    ?? await log.ReadAsync(caller.TenantId, after, Page, cancellationToken);
                foreach (var live in events)
                {
                    yield return live;
                    after = live.Seq;
                }
                if (events.Count == 0)
                {
                    await WaitAsync(news, stop.Token);
                }
                if (clock.GetElapsedTime(checkedAt) >= CheckInterval)
                {
                    checkedAt = clock.GetTimestamp();
                    if (!await sentinel.IsAliveAsync(caller, cancellationToken))
                    {
                        throw new UnauthenticatedException();
                    }
                }
            }
            if (watch.Revoked.IsCancellationRequested)
            {
                throw new UnauthenticatedException();
            }
            if (farewell.Stopping.IsCancellationRequested)
            {
                yield return LiveEvent.Reconnect(after, clock.GetUtcNow(), LiveFarewell.Spread);
            }
        }
        finally
        {
            feed.Leave();
        }
    }

    private async Task WaitAsync(Task news, CancellationToken cancellationToken)
    {
        try
        {
            await news.WaitAsync(CheckInterval, clock, cancellationToken);
        }
        catch (Exception end) when (end is TimeoutException or OperationCanceledException) { }
    }
}

/// <summary>The reader's session or key has ended. Its message is what a SignalR client is told.</summary>
internal sealed class UnauthenticatedException()
    : Microsoft.AspNetCore.SignalR.HubException("unauthenticated");
