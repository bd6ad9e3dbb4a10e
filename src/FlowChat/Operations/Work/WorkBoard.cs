using FlowChat.Queues;
using FlowChat.Settings;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Operations.Work;

/// <summary>Reads the figures of all queues, from their backend and from what the processes report.</summary>
internal sealed class WorkBoard(
    IQueueBackend backend,
    QueueRegistry queues,
    BrokerLook brokers,
    Database database,
    FlowChatSettings settings,
    TimeProvider clock
)
{
    // More than a count of a million jobs takes.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // The window that a rate and percentiles are taken from.
    private const int WindowSeconds = 60;

    private const string ReadActivity = """
        select queue, completed, failed, waits, runs from queue_activity where at > now() - make_interval(secs => $1)
        """;

    private const string ReadTotals = "select queue, completed, failed from queue_totals";

    private const string CountWorkers = """
        select queue, count(*) from queue_workers where seen_at > now() - make_interval(secs => $1) group by queue
        """;

    // The last that were read, for as long as the database is away.
    private volatile QueueBoard? _last;

    /// <exception cref="StorageUnavailableException">The database is away, and there are no figures of before.</exception>
    public async Task<QueueBoard> ReadAsync(CancellationToken cancellationToken)
    {
        var carriers = brokers.AskAsync(queues.All, cancellationToken);
        IReadOnlyList<QueueStatus> read;
        try
        {
            read = await MeasureAsync(cancellationToken)
                .WaitAsync(Patience, clock, cancellationToken);
        }
        catch (Exception error)
            when (error is NpgsqlException or QueueUnavailableException or TimeoutException)
        {
            return Old(await carriers, error);
        }
        var (faults, strangers) = await carriers;
        read =
        [
            .. read.Select(queue =>
                queue with
                {
                    Strangers = strangers.GetValueOrDefault(queue.Name),
                }
            ),
        ];
        return _last = new(read, [.. AlertsOf(read), .. faults], clock.GetUtcNow());
    }

    private QueueBoard Old(BrokerLook.Answer carriers, Exception error)
    {
        if (_last is not { } last)
        {
            throw new StorageUnavailableException("The database is away.", error);
        }
        var away = new QueueAlert(
            "database",
            null,
            $"database: it doesn't answer; the figures are those of {last.Timestamp:yyyy-MM-dd HH:mm:ss'Z'}"
        );
        return last with
        {
            Alerts = [away, .. AlertsOf(last.Queues), .. carriers.Faults],
            Stale = true,
        };
    }

    private IEnumerable<QueueAlert> AlertsOf(IEnumerable<QueueStatus> read) =>
        read.SelectMany(queue => QueueAlerts.Of(queue, settings.MostBacklog));

    private async Task<IReadOnlyList<QueueStatus>> MeasureAsync(CancellationToken cancellationToken)
    {
        var work = await ReadWorkAsync(cancellationToken);
        var read = new List<QueueStatus>();
        foreach (var queue in queues.All)
        {
            var figures = await backend.MeasureAsync(queue.Name, cancellationToken);
            read.Add(work.Of(queue.Name).ToStatus(figures, WindowSeconds));
        }
        return read;
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
            SqlBatch.Value(WorkReport.Silence.TotalSeconds)
        );
        await batch.RunAsync(cancellationToken);
        return work;
    }
}
