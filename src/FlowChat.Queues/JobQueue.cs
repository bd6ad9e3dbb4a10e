using System.Text.Json;

namespace FlowChat.Queues;

/// <summary>Adds jobs to any registered queue, outside of any transaction.</summary>
public class JobQueue(IQueueBackend backend, QueueRegistry queues, QueueMetrics? metrics = null)
{
    /// <summary>Adds one job.</summary>
    /// <returns>Whether it was added: false when its id lives already.</returns>
    /// <exception cref="QueueUnavailableException">It may or may not have been added; adding it again is safe.</exception>
    public async ValueTask<bool> EnqueueAsync(Job job, CancellationToken cancellationToken) =>
        await EnqueueAsync([job], cancellationToken) == 1;

    /// <summary>Adds jobs in one transaction, all or none; those whose id lives already are skipped.</summary>
    /// <returns>How many were added.</returns>
    /// <exception cref="ArgumentException">A job doesn't fit its queue.</exception>
    /// <exception cref="QueueUnavailableException">They may or may not have been added; adding them again is safe.</exception>
    public async ValueTask<int> EnqueueAsync(
        IReadOnlyList<Job> jobs,
        CancellationToken cancellationToken
    )
    {
        queues.Check(jobs);
        try
        {
            var added = await backend.EnqueueAsync(QueueTraces.Send(jobs), cancellationToken);
            metrics?.Sent(jobs);
            return added;
        }
        catch (Exception e)
        {
            metrics?.Sent(jobs, e);
            throw;
        }
    }
}

/// <summary>Makes and adds the jobs of one queue.</summary>
/// <typeparam name="TPayload">What they carry; written as JSON with snake_case names.</typeparam>
public sealed class JobQueue<TPayload>(
    string name,
    IQueueBackend backend,
    QueueRegistry queues,
    QueueMetrics? metrics = null
) : JobQueue(backend, queues, metrics)
{
    /// <summary>The queue's name.</summary>
    public string Name { get; } = name;

    /// <summary>A job with this payload, to be refined and added, here or on a ledger.</summary>
    public Job Create(TPayload payload) =>
        new()
        {
            Queue = Name,
            Payload = JsonSerializer.SerializeToUtf8Bytes(payload, JobJson.Options),
        };

    /// <summary>
    /// Adds one job with this payload and nothing else set. Not to be repeated: each call makes another job. Who has to,
    /// makes the job once with <see cref="Create"/> and adds that one again.
    /// </summary>
    /// <returns>Its id.</returns>
    /// <exception cref="QueueUnavailableException">It may or may not have been added.</exception>
    public async ValueTask<Guid> EnqueueAsync(TPayload payload, CancellationToken cancellationToken)
    {
        var job = Create(payload);
        await EnqueueAsync(job, cancellationToken);
        return job.Id;
    }
}

internal static class JobJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
