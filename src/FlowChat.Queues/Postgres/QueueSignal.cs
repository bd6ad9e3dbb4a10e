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

    /// <summary>Call after the commit that made jobs of the queues available.</summary>
    public void Notify(IEnumerable<string> queues)
    {
        ArgumentNullException.ThrowIfNull(queues);
        foreach (var queue in queues)
        {
            Pulse(queue);
            unsent[queue] = true;
        }
        news.Writer.TryWrite(true);
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
        return [.. unsent.Keys.Where(queue => unsent.TryRemove(queue, out _))];
    }

    private static TaskCompletionSource NewPulse() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
