using System.Runtime.CompilerServices;

namespace FlowChat.Testing;

/// <summary>A list that only grows, and on whose entries a test can wait.</summary>
public sealed class SignalledLog<T>
{
    private readonly Lock gate = new();
    private readonly List<T> log = [];
    private TaskCompletionSource growth = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<T> All
    {
        get
        {
            lock (gate)
                return [.. log];
        }
    }

    /// <summary>The first entry that matches, from the beginning of the log.</summary>
    public async Task<T> WaitAsync(Func<T, bool> predicate, CancellationToken ct) =>
        (await WaitAsync(1, predicate, ct))[0];

    /// <summary>The first entries that match, once there are as many.</summary>
    public async Task<IReadOnlyList<T>> WaitAsync(
        int count,
        Func<T, bool> predicate,
        CancellationToken ct
    )
    {
        var matches = new List<T>(count);
        await foreach (var entry in ReadAllAsync(ct))
        {
            if (predicate(entry))
                matches.Add(entry);
            if (matches.Count == count)
                break;
        }

        return matches;
    }

    /// <summary>What is there and all that will come.</summary>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        for (var next = 0; ; )
        {
            T[] entries;
            Task grown;
            lock (gate)
            {
                entries = [.. log[next..]];
                grown = growth.Task;
            }

            next += entries.Length;
            foreach (var entry in entries)
                yield return entry;
            await grown.WaitAsync(ct);
        }
    }

    public void Add(T entry)
    {
        TaskCompletionSource grown;
        lock (gate)
        {
            log.Add(entry);
            grown = growth;
            growth = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        grown.SetResult();
    }
}
