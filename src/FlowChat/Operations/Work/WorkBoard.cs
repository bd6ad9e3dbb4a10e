using FlowChat.Queues;
using FlowChat.Settings;
using FlowChat.Storage;

namespace FlowChat.Operations.Work;

/// <summary>Reads the figures of all queues, from their backend and from what the processes report.</summary>
internal sealed class WorkBoard(
    IQueueBackend backend,
    QueueRegistry queues,
    IEnumerable<IBrokerCheck> brokers,
    Database database,
    FlowChatSettings settings,
    TimeProvider clock
)
{
    // The window that a rate and percentiles are taken from.
    private const int WindowSeconds = 60;

    private const string ReadActivity = """
        select queue, completed, failed, waits, runs from queue_activity where at > now() - make_interval(secs => $1)
        """;

    private const string ReadTotals = "select queue, completed, failed from queue_totals";

    // A worker that missed two reports has gone without a word.
    private const string CountWorkers = """
        select queue, count(*) from queue_workers where seen_at > now() - make_interval(secs => $1) group by queue
        """;

    public async Task<QueueBoard> ReadAsync(CancellationToken cancellationToken)
    {
        var work = await ReadWorkAsync(cancellationToken);
        var read = new List<QueueStatus>();
        foreach (var queue in queues.All)
        {
            var figures = await backend.MeasureAsync(queue.Name, cancellationToken);
            read.Add(work.Of(queue.Name).ToStatus(figures, WindowSeconds));
        }
        List<QueueAlert> alerts =
        [
            .. read.SelectMany(queue => QueueAlerts.Of(queue, settings.MostBacklog)),
        ];
        foreach (var broker in brokers)
        {
            alerts.AddRange(await AskAsync(broker, cancellationToken));
        }
        return new(read, alerts, clock.GetUtcNow());
    }

    private static async Task<IEnumerable<QueueAlert>> AskAsync(
        IBrokerCheck broker,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<string> faults;
        try
        {
            faults = await broker.FindFaultsAsync(cancellationToken);
        }
        catch (QueueUnavailableException away)
        {
            faults = [away.Message];
        }
        return faults.Select(fault => new QueueAlert("broker", null, $"{broker.Broker}: {fault}"));
    }

    private async Task<QueueWork> ReadWorkAsync(CancellationToken cancellationToken)
    {
        var work = new QueueWork();
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await using var batch = new SqlBatch(connection);
        batch.Read(
            ReadActivity,
            row =>
                work.Of(row.GetString(0))
                    .Add(
                        row.GetInt32(1) + row.GetInt32(2),
                        row.GetFieldValue<int[]>(3),
                        row.GetFieldValue<int[]>(4)
                    ),
            SqlBatch.Value((double)WindowSeconds)
        );
        batch.Read(
            ReadTotals,
            row =>
                (work.Of(row.GetString(0)).Completed, work.Of(row.GetString(0)).Failed) = (
                    row.GetInt64(1),
                    row.GetInt64(2)
                )
        );
        batch.Read(
            CountWorkers,
            row => work.Of(row.GetString(0)).Workers = (int)row.GetInt64(1),
            SqlBatch.Value(3 * WorkReport.Interval.TotalSeconds)
        );
        await batch.RunAsync(cancellationToken);
        return work;
    }
}
