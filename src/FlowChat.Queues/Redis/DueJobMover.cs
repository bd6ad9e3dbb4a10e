using FlowChat.Queues.Redis.Resp;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis;

/// <summary>
/// Lets go of delayed jobs when they are due, and of parked keys: at the known time, and every
/// <see cref="QueueOptions.PollInterval"/> for what other processes added. Runs where workers wait.
/// </summary>
internal sealed partial class DueJobMover(RedisQueue queue, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan Refused = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private Task? running;
    private TaskCompletionSource earlier = NewSignal();
    private long wakeAt = long.MaxValue;

    public void Start()
    {
        if (running is null)
            lock (gate)
                running ??= RunAsync(stop.Token);
    }

    /// <summary>Something will be due then: wakes the mover if it would sleep longer.</summary>
    public void Expect(TimeSpan due)
    {
        var at = time.GetTimestamp() + (long)(due.TotalSeconds * time.TimestampFrequency);
        lock (gate)
            if (at < wakeAt)
                earlier.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (running is not null)
            await running;
        stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = await PromoteAsync(cancellationToken);
            await SleepAsync(wait, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TimeSpan> PromoteAsync(CancellationToken cancellationToken)
    {
        var longest = queue.Options.PollInterval;
        lock (gate)
            (earlier, wakeAt) = (NewSignal(), long.MaxValue);
        try
        {
            await queue.FlushHistoryAsync();
            var next = await queue.PromoteAsync(cancellationToken);
            return next < longest ? next.Value : longest;
        }
        catch (Exception e) when (e is QueueUnavailableException or OperationCanceledException)
        {
            // The workers tell that the server is away; here it is only looked again.
            return longest;
        }
        catch (RedisException e)
        {
            Log.Refused(logger, queue.Options.Name, e);
            return Refused > longest ? Refused : longest;
        }
    }

    private Task SleepAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            wakeAt = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
            return earlier.Task.WaitAsync(wait > Least ? wait : Least, time, cancellationToken);
        }
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "Redis refuses to let go of the due jobs of {Queue}; it is asked again"
        )]
        public static partial void Refused(ILogger logger, string queue, Exception exception);
    }
}
