using FlowChat.Queues;

namespace FlowChat.Operations.Work;

/// <summary>What all processes reported, by queue.</summary>
internal sealed class QueueWork
{
    private readonly Dictionary<string, OfQueue> _queues = new(StringComparer.Ordinal);

    public OfQueue Of(string queue)
    {
        if (!_queues.TryGetValue(queue, out var work))
        {
            _queues.Add(queue, work = new());
        }
        return work;
    }

    internal sealed class OfQueue
    {
        private readonly long[] _waits = new long[DurationBuckets.Count];
        private readonly long[] _runs = new long[DurationBuckets.Count];
        private long _processed;

        public long Completed { get; set; }
        public long Failed { get; set; }
        public int Workers { get; set; }

        public void Add(int processed, int[] waits, int[] runs)
        {
            _processed += processed;
            for (var i = 0; i < DurationBuckets.Count; i++)
            {
                _waits[i] += waits[i];
                _runs[i] += runs[i];
            }
        }

        public QueueStatus ToStatus(QueueFigures figures, int windowSeconds) =>
            new(
                figures.Queue,
                figures.Backend,
                figures.Waiting,
                figures.Active,
                figures.Delayed,
                Completed,
                Failed,
                figures.Dead,
                figures.Paused,
                Workers,
                Math.Round(figures.OldestWaiting.TotalSeconds, 3),
                Math.Round((double)_processed / windowSeconds, 3),
                PercentilesOf(_waits),
                PercentilesOf(_runs)
            );

        private static Percentiles? PercentilesOf(long[] counts) =>
            DurationBuckets.Percentile(counts, 0.5) is { } median
                ? new(
                    median.TotalSeconds,
                    DurationBuckets.Percentile(counts, 0.95)!.Value.TotalSeconds,
                    DurationBuckets.Percentile(counts, 0.99)!.Value.TotalSeconds
                )
                : null;
    }
}
