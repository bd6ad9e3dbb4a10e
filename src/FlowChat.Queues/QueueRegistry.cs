using System.Collections.Concurrent;

namespace FlowChat.Queues;

/// <summary>The queues that this process knows, by name.</summary>
public sealed class QueueRegistry
{
    private readonly ConcurrentDictionary<string, QueueOptions> queues = new(
        StringComparer.Ordinal
    );

    /// <summary>Every queue, by name.</summary>
    public IReadOnlyList<QueueOptions> All =>
        [.. queues.Values.OrderBy(queue => queue.Name, StringComparer.Ordinal)];

    /// <summary>One queue.</summary>
    /// <exception cref="ArgumentException">It is not registered.</exception>
    public QueueOptions this[string name] =>
        queues.GetValueOrDefault(name)
        ?? throw new ArgumentException($"No queue is named {name}.", nameof(name));

    /// <summary>Registers a queue.</summary>
    /// <exception cref="ArgumentException">Its options are out of range (the message lists all), or its name is taken.</exception>
    public void Add(QueueOptions queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        var result = new QueueOptionsValidator().Validate(queue.Name, queue);
        if (result.Failed)
            throw new ArgumentException(result.FailureMessage, nameof(queue));
        if (!queues.TryAdd(queue.Name, queue))
            throw new ArgumentException($"Queue {queue.Name} is registered twice.", nameof(queue));
    }

    /// <summary>Refuses jobs that their queues can't run.</summary>
    /// <exception cref="ArgumentException">A queue isn't registered, or a job's limit key doesn't fit it.</exception>
    internal void Check(IEnumerable<Job> jobs)
    {
        foreach (var job in jobs)
        {
            var limited = this[job.Queue].HasKeys;
            if (limited != job.LimitKey is not null)
                throw new ArgumentException(
                    limited
                        ? $"A job of queue {job.Queue} needs a limit key."
                        : $"Queue {job.Queue} has no limit keys: set its KeyConcurrency or KeyRate.",
                    nameof(jobs)
                );
        }
    }
}
