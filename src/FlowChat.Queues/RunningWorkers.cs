using System.Collections.Concurrent;

namespace FlowChat.Queues;

/// <summary>The workers of this process, busy or idle.</summary>
public sealed class RunningWorkers
{
    private readonly ConcurrentDictionary<string, QueueWorker> workers = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentQueue<Func<TimeSpan, Task>> hosts = new();
    private volatile TaskCompletionSource changed = NewSignal();

    /// <summary>Each worker's name, and its queue. One that can't reach its queue isn't among them.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> All =>
        [
            .. workers
                .Values.Where(worker => worker.IsAtWork)
                .Select(worker => KeyValuePair.Create(worker.Name, worker.Queue)),
        ];

    /// <summary>Completes when workers come or go: take it before looking at <see cref="All"/>.</summary>
    public Task Changed => changed.Task;

    /// <summary>
    /// Stops all of them before the host stops, for whoever has an order of their own: from the call on no more jobs
    /// begin, those that run finish or are handed back within <paramref name="limit"/>.
    /// </summary>
    public Task StopAsync(TimeSpan limit) => Task.WhenAll(hosts.Select(stop => stop(limit)));

    internal void Add(Func<TimeSpan, Task> host) => hosts.Enqueue(host);

    internal void Add(QueueWorker worker)
    {
        workers[worker.Name] = worker;
        Signal();
    }

    internal void Remove(QueueWorker worker)
    {
        workers.TryRemove(worker.Name, out _);
        Signal();
    }

    private void Signal()
    {
        var last = changed;
        changed = NewSignal();
        last.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
