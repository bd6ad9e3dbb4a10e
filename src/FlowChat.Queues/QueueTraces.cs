using System.Diagnostics;

namespace FlowChat.Queues;

/// <summary>The spans of a job, from where it is added to its handlers, with OpenTelemetry's messaging names.</summary>
public static class QueueTraces
{
    internal const string System = "flowchat";

    private static readonly ActivitySource Source = new(QueueMetrics.SourceName);

    /// <summary>
    /// Tells that the job is added, and gives it the trace that its handlers continue, in whatever process. A job that has
    /// one keeps it. The queues do this themselves; call it when a job is added later than it was asked for.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="asker">Where it was asked for. Default: the current activity.</param>
    public static Job Send(Job job, ActivityContext asker = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.TraceParent is not null)
            return job;
        using var span = Source.StartActivity(
            $"send {job.Queue}",
            ActivityKind.Producer,
            asker,
            Tags("send", job.Queue, job.Id)
        );
        return span is not null ? job with { TraceParent = span.Id }
            : asker != default ? job with { TraceParent = Text(asker) }
            : job;
    }

    internal static IReadOnlyList<Job> Send(IReadOnlyList<Job> jobs) =>
        Source.HasListeners() ? [.. jobs.Select(job => Send(job))] : jobs;

    internal static Activity? StartProcess(ClaimedJob job)
    {
        if (!Source.HasListeners())
            return null;
        var known = ActivityContext.TryParse(job.TraceParent, null, isRemote: true, out var sent);
        var span = Source.StartActivity(
            $"process {job.Lease.Queue}",
            ActivityKind.Consumer,
            known ? sent : default,
            Tags("process", job.Lease.Queue, job.Lease.JobId),
            known ? [new ActivityLink(sent)] : null
        );
        span?.SetTag("flowchat.queues.attempt", job.Lease.Attempt);
        return span;
    }

    internal static void End(Activity? span, JobOutcomeKind outcome)
    {
        span?.SetTag("flowchat.queues.outcome", Name(outcome));
        if (ErrorOf(outcome) is { } error)
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", error);
    }

    /// <returns>Null: the run didn't fail.</returns>
    internal static string? ErrorOf(JobOutcomeKind outcome) =>
        outcome is JobOutcomeKind.Retry or JobOutcomeKind.Dead ? Name(outcome) : null;

    // The reason stays out: it may hold what a server said about a person.
    private static string Name(JobOutcomeKind outcome) =>
        outcome switch
        {
            JobOutcomeKind.Done => "done",
            JobOutcomeKind.Retry => "retry",
            JobOutcomeKind.Snooze => "snooze",
            JobOutcomeKind.Park => "park",
            JobOutcomeKind.HandBack => "hand_back",
            JobOutcomeKind.Dead => "dead",
            _ => "settled",
        };

    private static KeyValuePair<string, object?>[] Tags(string operation, string queue, Guid id) =>
        [
            new("messaging.system", System),
            new("messaging.operation.name", operation),
            new("messaging.operation.type", operation),
            new("messaging.destination.name", queue),
            new("messaging.message.id", id.ToString()),
        ];

    private static string Text(ActivityContext trace) =>
        $"00-{trace.TraceId}-{trace.SpanId}-{(int)trace.TraceFlags & 1:x2}";
}
