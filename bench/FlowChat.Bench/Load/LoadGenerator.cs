using System.Threading.Channels;
using FlowChat.Bench.Results;

namespace FlowChat.Bench.Load;

/// <summary>Posts a workload's webhooks to one server, at a rate or as fast as the answers come.</summary>
internal sealed class LoadGenerator(
    HttpConnection[] connections,
    Workload workload,
    TimeProvider time
)
{
    private const int MostPerSecond = 200_000;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>Told of each message's release, in the order of its n.</summary>
    public Action<long, long>? Released { get; init; }

    /// <summary>Closed loop: each connection posts its next webhook when the last one is answered.</summary>
    public Task<Figures> FlatOutAsync(TimeSpan duration, CancellationToken ct) =>
        MeasureAsync(
            (int)(MostPerSecond * duration.TotalSeconds),
            tally =>
            {
                var start = time.GetTimestamp();
                return Task.WhenAll(
                    connections.Select(async connection =>
                    {
                        while (time.GetElapsedTime(start) < duration)
                            await PostAsync(
                                connection,
                                workload.Next(),
                                time.GetTimestamp(),
                                tally,
                                ct
                            );
                    })
                );
            }
        );

    /// <summary>
    /// Open loop: webhooks are released by the clock, whatever the server does, and a latency runs from the release, so
    /// that the wait for a free connection counts (no coordinated omission). The clock ticks each millisecond; what is
    /// due at a tick is released together.
    /// </summary>
    public Task<Figures> AtRateAsync(int perSecond, TimeSpan duration, CancellationToken ct) =>
        MeasureAsync(
            (int)(perSecond * duration.TotalSeconds),
            tally =>
            {
                var due = Channel.CreateUnbounded<(long N, long Since)>(
                    new() { SingleWriter = true }
                );
                var posts = connections.Select(async connection =>
                {
                    await foreach (var (n, since) in due.Reader.ReadAllAsync(ct))
                        await PostAsync(connection, n, since, tally, ct);
                });
                return Task.WhenAll([.. posts, ReleaseAsync(due.Writer, perSecond, duration, ct)]);
            }
        );

    private async Task ReleaseAsync(
        ChannelWriter<(long N, long Since)> due,
        int perSecond,
        TimeSpan duration,
        CancellationToken ct
    )
    {
        using var timer = new PeriodicTimer(Tick, time);
        var start = time.GetTimestamp();
        var total = (long)(perSecond * duration.TotalSeconds);
        for (var released = 0L; released < total; await timer.WaitForNextTickAsync(ct))
        {
            var target = Math.Min(
                total,
                (long)(time.GetElapsedTime(start).TotalSeconds * perSecond)
            );
            for (; released < target; released++)
            {
                var (n, since) = (workload.Next(), time.GetTimestamp());
                Released?.Invoke(n, since);
                due.TryWrite((n, since));
            }
        }

        due.Complete();
    }

    private async Task PostAsync(
        HttpConnection connection,
        long n,
        long since,
        Tally tally,
        CancellationToken ct
    )
    {
        var status = await connection.PostAsync(workload, n, ct);
        tally.Latencies.Add(since);
        if (status != StatusCodes.Status200OK)
            Interlocked.Increment(ref tally.Refused);
    }

    private async Task<Figures> MeasureAsync(int most, Func<Tally, Task> run)
    {
        var tally = new Tally(new Latencies(most, time));
        var start = time.GetTimestamp();
        await run(tally);
        var elapsed = time.GetElapsedTime(start);
        tally.Latencies.Sort();
        return new Figures
        {
            PerSecond = tally.Latencies.Count / elapsed.TotalSeconds,
            P50 = tally.Latencies.Milliseconds(0.50),
            P99 = tally.Latencies.Milliseconds(0.99),
            Refused = tally.Refused,
        };
    }

    private sealed class Tally(Latencies latencies)
    {
        public int Refused;

        public Latencies Latencies => latencies;
    }
}
