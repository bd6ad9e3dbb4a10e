using System.Diagnostics.Metrics;

namespace FlowChat.Queues;

/// <summary>The engine's traces and meters, with OpenTelemetry's messaging names.</summary>
public sealed class QueueMetrics : IDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "FlowChat.Queues";

    private readonly Meter meter;
    private readonly Counter<long> consumed;
    private readonly Counter<long> lost;
    private readonly Counter<long> rescued;
    private readonly Histogram<double> waited;
    private readonly Histogram<double> ran;

    /// <summary>Makes the meters.</summary>
    public QueueMetrics(IMeterFactory? factory = null)
    {
        meter = factory?.Create(SourceName) ?? new Meter(SourceName);
        consumed = meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}");
        waited = meter.CreateHistogram<double>("flowchat.queues.wait.duration", "s");
        ran = meter.CreateHistogram<double>("messaging.process.duration", "s");
        lost = meter.CreateCounter<long>("flowchat.queues.lost_leases", "{lease}");
        rescued = meter.CreateCounter<long>("flowchat.queues.rescued_jobs", "{job}");
    }

    /// <summary>The same work, counted for figures that all processes share.</summary>
    public RunTally Tally { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal void Claimed(ClaimedJob job)
    {
        consumed.Add(1, Queue(job.Lease.Queue));
        waited.Record(job.Waited.TotalSeconds, Queue(job.Lease.Queue));
    }

    internal void Ran(ClaimedJob job, TimeSpan duration, JobOutcomeKind outcome)
    {
        Tally.Add(job.Lease.Queue, job.Waited, duration, outcome);
        ran.Record(
            duration.TotalSeconds,
            Queue(job.Lease.Queue),
            new("flowchat.queues.outcome", outcome.ToString())
        );
    }

    internal void LostLease(string queue) => lost.Add(1, Queue(queue));

    internal void Rescued(string queue, RescueCounts counts)
    {
        Tally.AddDead(queue, counts.Dead);
        rescued.Add(counts.Returned + counts.Dead, Queue(queue));
    }

    private static KeyValuePair<string, object?> Queue(string name) =>
        new("messaging.destination.name", name);
}
