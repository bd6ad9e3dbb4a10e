using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues;

/// <summary>
/// Brings one worker's outcomes to the backend, one call in flight, so that batches form by themselves. While the server
/// is away it keeps them and tries again; an outcome that the server refuses alone is left to the rescuer.
/// </summary>
internal sealed partial class JobSettler(
    IQueueBackend backend,
    QueueOptions queue,
    RunningJobs running,
    TimeProvider time,
    ILogger logger
)
{
    private const int MaxBatch = 500;

    // A slot is free once its outcome is queued here, so this bounds what waits for a slow server.
    private readonly Channel<JobSettlement> outcomes = Channel.CreateBounded<JobSettlement>(
        Math.Max(MaxBatch, 2 * queue.Concurrency)
    );

    /// <summary>Waits while too many outcomes wait. After the end, a late one is left to its lease's end.</summary>
    public async ValueTask AddAsync(JobSettlement settlement)
    {
        while (await outcomes.Writer.WaitToWriteAsync() && !outcomes.Writer.TryWrite(settlement))
        { }
    }

    /// <summary>No outcome comes any more: <see cref="RunAsync"/> ends with the last one.</summary>
    public void Complete() => outcomes.Writer.Complete();

    /// <param name="cancellationToken">Gives up what isn't settled yet; it returns with its lease's end.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await outcomes.Reader.WaitToReadAsync(cancellationToken))
                await SettleAsync(TakeBatch(), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    private List<JobSettlement> TakeBatch()
    {
        var batch = new List<JobSettlement>();
        while (batch.Count < MaxBatch && outcomes.Reader.TryRead(out var settlement))
            batch.Add(settlement);
        return batch;
    }

    private async Task SettleAsync(List<JobSettlement> batch, CancellationToken cancellationToken)
    {
        var patience = new Patience(time, Random.Shared);
        while (true)
        {
            try
            {
                await SettleOnceAsync(batch, patience.IsFirst, cancellationToken);
                return;
            }
            catch (QueueUnavailableException e)
            {
                if (patience.IsFirst)
                    Log.Waiting(logger, queue.Name, batch.Count, e);
                await patience.WaitAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (Exception) when (batch.Count > 1 && !cancellationToken.IsCancellationRequested)
            {
                foreach (var settlement in batch)
                    await SettleAsync([settlement], cancellationToken);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                running.LetGo(batch[0].Lease);
                Log.Refused(logger, batch[0].Lease.JobId, queue.Name, e);
                return;
            }
        }
    }

    private async Task SettleOnceAsync(
        List<JobSettlement> batch,
        bool isFirst,
        CancellationToken cancellationToken
    )
    {
        var held = await backend.SettleAsync(batch, cancellationToken);
        foreach (var lease in batch.Select(settlement => settlement.Lease))
        {
            running.LetGo(lease);
            if (!held.Contains(lease))
                Log.NotHeld(
                    logger,
                    // The answer to an earlier try may have been lost.
                    isFirst ? LogLevel.Warning : LogLevel.Information,
                    lease.JobId,
                    queue.Name
                );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Count} outcomes of {Queue} wait for its server")]
        public static partial void Waiting(
            ILogger logger,
            string queue,
            int count,
            Exception exception
        );

        [LoggerMessage(
            LogLevel.Error,
            "Job {JobId} of {Queue} can't be settled and returns with its lease's end"
        )]
        public static partial void Refused(
            ILogger logger,
            Guid jobId,
            string queue,
            Exception exception
        );

        [LoggerMessage("Job {JobId} of {Queue} was settled or taken over before its outcome came")]
        public static partial void NotHeld(
            ILogger logger,
            LogLevel level,
            Guid jobId,
            string queue
        );
    }
}
