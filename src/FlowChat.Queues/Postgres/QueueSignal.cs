using System.Collections.Concurrent;
using System.Threading.Channels;

namespace FlowChat.Queues.Postgres;

/// <summary>
/// Wakes workers: those of this process at once, those of others by one coalesced NOTIFY outside any transaction. A
/// wake-up may get lost, so workers poll behind it.
/// </summary>
public sealed class QueueSignal
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> pulses = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, bool> unsent = new(StringComparer.Ordinal);
    private readonly Channel<bool> news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Carries hints of one queue in place of the signal; false when it can't. Null: there is no such carrier.</summary>
    internal Func<string, IReadOnlyList<JobHint>, bool>? Carrier { get; set; }

    /// <summary>Call after the commit that made jobs of the queues available.</summary>
    public void Notify(IEnumerable<string> queues)
    {
        ArgumentNullException.ThrowIfNull(queues);
        Notify(queues.Select(queue => new JobHint(queue)));
    }

    /// <summary>Call after the commit that made these jobs available.</summary>
    public void Notify(IEnumerable<JobHint> hints)
    {
        ArgumentNullException.ThrowIfNull(hints);
        foreach (var queue in NotCarried(hints))
        {
            Pulse(queue);
            unsent[queue] = true;
        }
        if (!unsent.IsEmpty)
            news.Writer.TryWrite(true);
    }

    /// <summary>Wakes only this process's workers, unless the hints are carried: then whoever is free.</summary>
    internal void Pulse(IEnumerable<JobHint> hints)
    {
        foreach (var queue in NotCarried(hints))
            Pulse(queue);
    }

    /// <summary>Completes at the queue's next pulse: take it before looking for jobs, wait for it after finding none.</summary>
    internal Task Next(string queue) => pulses.GetOrAdd(queue, _ => NewPulse()).Task;

    internal void Pulse(string queue)
    {
        if (pulses.TryRemove(queue, out var pulse))
            pulse.TrySetResult();
    }

    internal void PulseAll()
    {
        foreach (var queue in pulses.Keys)
            Pulse(queue);
    }

    /// <summary>The queues that other processes haven't heard of, once there are any.</summary>
    internal async ValueTask<string[]> TakeUnsentAsync(CancellationToken cancellationToken)
    {
        await news.Reader.ReadAsync(cancellationToken);
        return TakeUnsent();
    }

    internal string[] TakeUnsent() =>
        [.. unsent.Keys.Where(queue => unsent.TryRemove(queue, out _))];

    private HashSet<string> NotCarried(IEnumerable<JobHint> hints)
    {
        var left = new HashSet<string>(StringComparer.Ordinal);
        foreach (var queue in hints.GroupBy(hint => hint.Queue, StringComparer.Ordinal))
            if (Carrier is not { } carry || !carry(queue.Key, [.. queue]))
                left.Add(queue.Key);
        return left;
    }

    private static TaskCompletionSource NewPulse() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
