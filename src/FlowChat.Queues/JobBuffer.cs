namespace FlowChat.Queues;

/// <summary>
/// What one worker has claimed and not begun. It holds no more than the handlers get through in
/// <see cref="QueueOptions.PrefetchTime"/>, by the mean of what they took: nothing, until one has run, and nothing where
/// a rate counts claims as beginnings.
/// </summary>
internal sealed class JobBuffer(QueueOptions queue, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Queue<(RunningJob Job, long Since)> waiting = new();
    private double meanTicks = double.PositiveInfinity;
    private int running;
    private int taken;
    private bool closed;
    private TaskCompletionSource changed = NewSignal();

    /// <summary>How many may be claimed now; zero while enough wait.</summary>
    public int Room
    {
        get
        {
            lock (gate)
            {
                var prefetch = Prefetch;
                return waiting.Count > prefetch / 2
                    ? 0
                    : Math.Max(0, queue.Concurrency + prefetch - running - waiting.Count);
            }
        }
    }

    /// <summary>Adds claimed jobs.</summary>
    /// <returns>How many more runners have something to do.</returns>
    public int Add(IReadOnlyList<RunningJob> jobs)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            foreach (var job in jobs)
                waiting.Enqueue((job, now));
            var more = Math.Min(waiting.Count, queue.Concurrency - running);
            running += more;
            return more;
        }
    }

    /// <summary>The next job for a runner. Null ends the runner.</summary>
    public RunningJob? Take()
    {
        lock (gate)
        {
            taken++;
            var found = waiting.TryDequeue(out var next);
            if (!found)
                running--;
            if (!found || waiting.Count <= Prefetch / 2)
                Signal();
            return next.Job;
        }
    }

    /// <summary>How long a handler took.</summary>
    public void Took(long started)
    {
        var ticks = Math.Max(1, time.GetTimestamp() - started);
        lock (gate)
            meanTicks = double.IsInfinity(meanTicks) ? ticks : meanTicks + (ticks - meanTicks) / 32;
    }

    /// <summary>Waits until there may be room, or for <paramref name="patience"/>.</summary>
    /// <returns>What has waited for longer than that, for handlers that turned out slow: others may have it.</returns>
    public async Task<IReadOnlyList<RunningJob>> WaitAsync(
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var (signal, before) = Watch();
        // What was taken since the caller's look has signalled already.
        if (Room > 0)
            return [];
        await signal
            .WaitAsync(patience, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            if (taken == before)
                meanTicks = patience.TotalSeconds * time.TimestampFrequency;
            var now = time.GetTimestamp();
            return Drain(since => time.GetElapsedTime(since, now) >= patience);
        }
    }

    /// <summary>No job is begun any more.</summary>
    /// <returns>Those that weren't.</returns>
    public IReadOnlyList<RunningJob> Close()
    {
        lock (gate)
        {
            closed = true;
            return Drain(static _ => true);
        }
    }

    /// <summary>Waits until no handler runs.</summary>
    /// <returns>False after <paramref name="wait"/>.</returns>
    public async Task<bool> IdleAsync(TimeSpan wait)
    {
        using var limit = new CancellationTokenSource(wait, time);
        while (true)
        {
            var (signal, _) = Watch();
            lock (gate)
                if (running == 0)
                    return true;
            if (limit.IsCancellationRequested)
                return false;
            await signal
                .WaitAsync(limit.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int Prefetch =>
        closed || queue.IsRated || double.IsInfinity(meanTicks)
            ? 0
            : (int)
                Math.Min(
                    queue.MaxPrefetch,
                    queue.Concurrency
                        * queue.PrefetchTime.TotalSeconds
                        * time.TimestampFrequency
                        / meanTicks
                );

    private (Task Signal, int Taken) Watch()
    {
        lock (gate)
        {
            if (changed.Task.IsCompleted)
                changed = NewSignal();
            return (changed.Task, taken);
        }
    }

    private List<RunningJob> Drain(Predicate<long> isLeft)
    {
        var left = new List<RunningJob>();
        while (waiting.TryPeek(out var oldest) && isLeft(oldest.Since))
            left.Add(waiting.Dequeue().Job);
        return left;
    }

    private void Signal() => changed.TrySetResult();

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
