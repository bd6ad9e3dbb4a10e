using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace FlowChat.Queues;

/// <summary>
/// Brings one worker's outcomes to the backend, one call in flight for each partition, so that batches form by
/// themselves and no partition waits for another. While the server is away it keeps them and tries again; an outcome
/// that the server refuses alone is left to the rescuer.
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

    private readonly Lock gate = new();
    private readonly Dictionary<int, Channel<JobSettlement>> partitions = [];
    private readonly List<Task> settling = [];
    private readonly TaskCompletionSource completed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private CancellationToken giveUp;

    /// <summary>Waits while too many outcomes wait. After the end, a late one is left to its lease's end.</summary>
    public async ValueTask AddAsync(JobSettlement settlement)
    {
        var outcomes = OutcomesOf(settlement.Lease.Partition);
        while (await outcomes.WaitToWriteAsync() && !outcomes.TryWrite(settlement)) { }
    }

    /// <summary>No outcome comes any more: <see cref="RunAsync"/> ends with the last one.</summary>
    public void Complete()
    {
        lock (gate)
        {
            completed.SetResult();
            foreach (var outcomes in partitions.Values)
                outcomes.Writer.Complete();
        }
    }

    /// <param name="cancellationToken">Gives up what isn't settled yet; it returns with its lease's end.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        giveUp = cancellationToken;
        await completed
            .Task.WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] all;
        lock (gate)
            all = [.. settling];
        await Task.WhenAll(all);
    }

    private ChannelWriter<JobSettlement> OutcomesOf(int partition)
    {
        lock (gate)
        {
            if (partitions.TryGetValue(partition, out var known))
                return known.Writer;
            // A slot is free once its outcome is queued here, so this bounds what waits for a slow server. It has room for
            // all that the worker may hold: what waits for a partition that is away blocks no handler.
            var outcomes = Channel.CreateBounded<JobSettlement>(
                MaxBatch + 2 * queue.Concurrency + queue.MaxPrefetch
            );
            partitions.Add(partition, outcomes);
            if (completed.Task.IsCompleted)
                outcomes.Writer.Complete();
            settling.Add(SettleAllAsync(outcomes.Reader, giveUp));
            return outcomes.Writer;
        }
    }

    private async Task SettleAllAsync(
        ChannelReader<JobSettlement> outcomes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            while (await outcomes.WaitToReadAsync(cancellationToken))
                await SettleAsync(TakeBatch(outcomes), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { }
    }

    private static List<JobSettlement> TakeBatch(ChannelReader<JobSettlement> outcomes)
    {
        var batch = new List<JobSettlement>();
        while (batch.Count < MaxBatch && outcomes.TryRead(out var settlement))
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
