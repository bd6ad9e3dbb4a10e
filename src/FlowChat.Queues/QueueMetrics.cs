using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FlowChat.Queues;

/// <summary>The engine's traces and meters, with OpenTelemetry's messaging names.</summary>
public sealed class QueueMetrics : IDisposable
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "FlowChat.Queues";

    private static readonly ActivitySource Traces = new(SourceName);

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

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();

    internal static Activity? StartProcess(ClaimedJob job)
    {
        if (!Traces.HasListeners())
            return null;
        var parent = ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var trace)
            ? trace
            : default;
        var activity = Traces.StartActivity(
            $"process {job.Lease.Queue}",
            ActivityKind.Consumer,
            parent
        );
        activity?.SetTag("messaging.system", "flowchat");
        activity?.SetTag("messaging.operation.type", "process");
        activity?.SetTag("messaging.destination.name", job.Lease.Queue);
        activity?.SetTag("messaging.message.id", job.Lease.JobId);
        return activity;
    }

    internal void Claimed(ClaimedJob job)
    {
        consumed.Add(1, Queue(job.Lease.Queue));
        waited.Record(job.Waited.TotalSeconds, Queue(job.Lease.Queue));
    }

    internal void Ran(ClaimedJob job, TimeSpan duration, JobOutcomeKind outcome) =>
        ran.Record(
            duration.TotalSeconds,
            Queue(job.Lease.Queue),
            new("flowchat.queues.outcome", outcome.ToString())
        );

    internal void LostLease(string queue) => lost.Add(1, Queue(queue));

    internal void Rescued(string queue, int count) => rescued.Add(count, Queue(queue));

    private static KeyValuePair<string, object?> Queue(string name) =>
        new("messaging.destination.name", name);
}
