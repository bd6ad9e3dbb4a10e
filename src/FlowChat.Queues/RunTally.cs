using System.Collections.Concurrent;

namespace FlowChat.Queues;

/// <summary>Counts what this process's workers do, until it is taken to where the counts of all processes meet.</summary>
public sealed class RunTally
{
    private readonly ConcurrentDictionary<string, Counters> queues = new(StringComparer.Ordinal);

    /// <summary>What came since the last call, of each queue that did anything.</summary>
    public IReadOnlyList<QueueTally> Take() =>
        [
            .. queues
                .Select(queue => queue.Value.Take(queue.Key))
                .Where(tally => tally.Runs.Any(count => count > 0) || tally.Failed > 0),
        ];

    internal void Add(string queue, TimeSpan waited, TimeSpan ran, JobOutcomeKind outcome)
    {
        var counters = Of(queue);
        Interlocked.Increment(ref counters.Waits[DurationBuckets.IndexOf(waited)]);
        Interlocked.Increment(ref counters.Runs[DurationBuckets.IndexOf(ran)]);
        if (outcome == JobOutcomeKind.Done)
            Interlocked.Increment(ref counters.Completed);
        else if (outcome == JobOutcomeKind.Dead)
            Interlocked.Increment(ref counters.Failed);
    }

    /// <summary>Jobs that killed their workers for the last time.</summary>
    internal void AddDead(string queue, int count) => Interlocked.Add(ref Of(queue).Failed, count);

    private Counters Of(string queue) => queues.GetOrAdd(queue, _ => new());

    private sealed class Counters
    {
        public readonly int[] Waits = new int[DurationBuckets.Count];
        public readonly int[] Runs = new int[DurationBuckets.Count];
        public int Completed;
        public int Failed;

        public QueueTally Take(string queue) =>
            new(
                queue,
                Interlocked.Exchange(ref Completed, 0),
                Interlocked.Exchange(ref Failed, 0),
                Take(Waits),
                Take(Runs)
            );

        private static int[] Take(int[] counts)
        {
            var taken = new int[counts.Length];
            for (var i = 0; i < counts.Length; i++)
                taken[i] = Interlocked.Exchange(ref counts[i], 0);
            return taken;
        }
    }
}

/// <summary>What workers did for one queue.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Completed">Jobs that are done.</param>
/// <param name="Failed">Jobs that died.</param>
/// <param name="Waits">Runs by how long their jobs had been due: see <see cref="DurationBuckets"/>.</param>
/// <param name="Runs">Runs by how long they took: see <see cref="DurationBuckets"/>.</param>
public sealed record QueueTally(
    string Queue,
    int Completed,
    int Failed,
    IReadOnlyList<int> Waits,
    IReadOnlyList<int> Runs
);
