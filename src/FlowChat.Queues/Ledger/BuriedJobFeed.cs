using System.Threading.Channels;
using FlowChat.Queues.Postgres;
using FlowChat.Queues.Redis;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Ledger;

/// <summary>
/// Copies what this process buried to the broker's stream of dead letters. No settle waits for it or fails by it: what
/// can't be copied is missing in the copy alone.
/// </summary>
internal sealed partial class BuriedJobFeed(
    PostgresQueueBackend ledger,
    DeadLetterCopy copy,
    string queue,
    BrokerCircuit circuit,
    ILogger logger
)
{
    private const int MaxBatch = 100;
    private const int MaxWaiting = 10_000;

    private readonly Channel<Guid> buried = Channel.CreateBounded<Guid>(MaxWaiting);
    private bool isBehind;

    public void Add(JobLease lease)
    {
        if (!buried.Writer.TryWrite(lease.JobId))
            Miss("too many die at once");
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await buried.Reader.WaitToReadAsync(cancellationToken))
                await CopyAsync(Take(), cancellationToken);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // A stop waits for no copy; the servers may go away in the middle of it, too.
        }
    }

    private List<Guid> Take()
    {
        var batch = new List<Guid>();
        while (batch.Count < MaxBatch && buried.Reader.TryRead(out var id))
            batch.Add(id);
        return batch;
    }

    private async Task CopyAsync(List<Guid> batch, CancellationToken cancellationToken)
    {
        if (circuit.IsOpen)
        {
            Miss("the broker is away");
            return;
        }
        try
        {
            var filter = new DeadJobFilter { Queue = queue, Ids = batch };
            // An id is unique within its tenant.
            var dead = await ledger.FindDeadAsync(filter, null, 2 * MaxBatch, cancellationToken);
            await copy.AddAsync(dead.Reverse(), cancellationToken);
            isBehind = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Miss(e.Message);
        }
    }

    private void Miss(string reason)
    {
        if (!isBehind)
            Log.Behind(logger, queue, reason);
        isBehind = true;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The broker's copy of the dead letters misses some of {Queue} until it is made anew: {Reason}"
        )]
        public static partial void Behind(ILogger logger, string queue, string reason);
    }
}
