using System.Collections.Concurrent;

namespace FlowChat.Queues;

/// <summary>The workers of this process, busy or idle.</summary>
public sealed class RunningWorkers
{
    private readonly ConcurrentDictionary<string, string> queues = new(StringComparer.Ordinal);
    private volatile TaskCompletionSource changed = NewSignal();

    /// <summary>Each worker's name, and its queue.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> All => [.. queues];

    /// <summary>Completes when workers come or go: take it before looking at <see cref="All"/>.</summary>
    public Task Changed => changed.Task;

    internal void Add(string name, string queue)
    {
        queues[name] = queue;
        Signal();
    }

    internal void Remove(string name)
    {
        queues.TryRemove(name, out _);
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
