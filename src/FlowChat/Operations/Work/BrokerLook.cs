using FlowChat.Queues;

namespace FlowChat.Operations.Work;

/// <summary>Asks the servers that carry the jobs, and waits a second for them: nobody's figures hang on one that is frozen.</summary>
internal sealed class BrokerLook(
    IEnumerable<IBrokerCheck> brokers,
    Strangers strangers,
    TimeProvider clock
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.8);

    /// <param name="Faults">Whether they are away or set wrongly.</param>
    /// <param name="Strangers">By queue; without those that can't be counted now.</param>
    public sealed record Answer(
        IReadOnlyList<QueueAlert> Faults,
        IReadOnlyDictionary<string, long> Strangers
    );

    public async Task<Answer> AskAsync(
        IReadOnlyList<QueueOptions> queues,
        CancellationToken cancellationToken
    )
    {
        // Counting makes the queues known to their servers in a process that has no workers, such as a command.
        var counts = await Task.WhenAll(
            queues.Select(queue => CountAsync(queue.Name, cancellationToken))
        );
        var faults = await Task.WhenAll(brokers.Select(one => AskAsync(one, cancellationToken)));
        return new(
            [.. faults.SelectMany(some => some)],
            counts
                .OfType<KeyValuePair<string, long>>()
                .ToDictionary(one => one.Key, one => one.Value, StringComparer.Ordinal)
        );
    }

    private async Task<IEnumerable<QueueAlert>> AskAsync(
        IBrokerCheck broker,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<string> faults;
        try
        {
            faults = await broker
                .FindFaultsAsync(cancellationToken)
                .AsTask()
                .WaitAsync(Patience, clock, cancellationToken);
        }
        catch (QueueUnavailableException away)
        {
            faults = [away.Message];
        }
        catch (TimeoutException)
        {
            faults = ["doesn't answer; the jobs go through PostgreSQL meanwhile"];
        }
        return faults.Select(fault => new QueueAlert("broker", null, $"{broker.Broker}: {fault}"));
    }

    private async Task<KeyValuePair<string, long>?> CountAsync(
        string queue,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var count = await strangers
                .CountAsync(queue, cancellationToken)
                .WaitAsync(Patience, clock, cancellationToken);
            return new(queue, count);
        }
        catch (Exception error)
            when (error is QueueUnavailableException or QueueFullException or TimeoutException)
        {
            // The faults say why.
            return null;
        }
    }
}
