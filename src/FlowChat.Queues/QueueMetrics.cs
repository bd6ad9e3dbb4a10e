using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FlowChat.Queues;

/// <summary>The engine's traces and meters, with OpenTelemetry's messaging names.</summary>
public sealed class QueueMetrics : IDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "FlowChat.Queues";

    // The conventions'.
    private static readonly InstrumentAdvice<double> Runs = new()
    {
        HistogramBucketBoundaries =
        [
            0.005,
            0.01,
            0.025,
            0.05,
            0.075,
            0.1,
            0.25,
            0.5,
            0.75,
            1,
            2.5,
            5,
            7.5,
            10,
        ],
    };

    // Idle workers begin within a millisecond; a backlog may be an hour long.
    private static readonly InstrumentAdvice<double> Waits = new()
    {
        HistogramBucketBoundaries =
        [
            0.001,
            0.0025,
            0.005,
            0.01,
            0.025,
            0.05,
            0.1,
            0.25,
            0.5,
            1,
            2.5,
            5,
            10,
            30,
            60,
            300,
            900,
            3600,
        ],
    };

    private readonly Meter meter;
    private readonly Counter<long> sent;
    private readonly Counter<long> consumed;
    private readonly Counter<long> lost;
    private readonly Counter<long> rescued;
    private readonly Histogram<double> waited;
    private readonly Histogram<double> ran;

    /// <summary>Makes the meters.</summary>
    public QueueMetrics(IMeterFactory? factory = null)
    {
        meter = factory?.Create(SourceName) ?? new Meter(SourceName);
        sent = meter.CreateCounter<long>("messaging.client.sent.messages", "{message}");
        consumed = meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}");
        waited = Histogram("flowchat.queues.wait.duration", Waits);
        ran = Histogram("messaging.process.duration", Runs);
        lost = meter.CreateCounter<long>("flowchat.queues.lost_leases", "{lease}");
        rescued = meter.CreateCounter<long>("flowchat.queues.rescued_jobs", "{job}");
    }

    /// <summary>The same work, counted for figures that all processes share.</summary>
    public RunTally Tally { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    /// <param name="jobs">What was to be added.</param>
    /// <param name="failure">Why it may not have been.</param>
    internal void Sent(IReadOnlyList<Job> jobs, Exception? failure = null)
    {
        if (!sent.Enabled)
            return;
        foreach (var (queue, count) in jobs.CountBy(job => job.Queue))
            sent.Add(count, Tags("send", queue, failure?.GetType().FullName));
    }

    internal void Claimed(ClaimedJob job)
    {
        if (consumed.Enabled)
            consumed.Add(1, Tags("receive", job.Lease.Queue));
        waited.Record(job.Waited.TotalSeconds, Queue(job.Lease.Queue));
    }

    internal void Ran(ClaimedJob job, TimeSpan duration, JobOutcomeKind outcome)
    {
        Tally.Add(job.Lease.Queue, job.Waited, duration, outcome);
        if (!ran.Enabled)
            return;
        var tags = Tags("process", job.Lease.Queue, QueueTraces.ErrorOf(outcome));
        tags.Add("flowchat.queues.outcome", outcome.ToString());
        ran.Record(duration.TotalSeconds, tags);
    }

    internal void LostLease(string queue) => lost.Add(1, Queue(queue));

    internal void Rescued(string queue, RescueCounts counts)
    {
        Tally.AddDead(queue, counts.Dead);
        rescued.Add(counts.Returned + counts.Dead, Queue(queue));
    }

    private Histogram<double> Histogram(string name, InstrumentAdvice<double> advice) =>
        meter.CreateHistogram(name, "s", description: null, tags: null, advice);

    // What the conventions require of their own meters.
    private static TagList Tags(string operation, string queue, string? error = null)
    {
        var tags = new TagList
        {
            { "messaging.system", QueueTraces.System },
            { "messaging.operation.name", operation },
            Queue(queue),
        };
        if (error is not null)
            tags.Add("error.type", error);
        return tags;
    }

    private static KeyValuePair<string, object?> Queue(string name) =>
        new("messaging.destination.name", name);
}
