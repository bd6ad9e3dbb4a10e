using FlowChat.Queues;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Operations.Work;

/// <summary>Says what this process's workers are and did, so that the figures are those of all processes.</summary>
internal sealed class WorkReport(
    Database database,
    RunningWorkers workers,
    QueueMetrics metrics,
    TimeProvider clock,
    Alarms alarms,
    ILogger<WorkReport> logger
) : Duty(clock, alarms, logger)
{
    /// <summary>How often a process reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A worker that missed two reports has gone without a word.</summary>
    public static readonly TimeSpan Silence = 3 * Interval;

    private const string SeeWorkers = """
        insert into queue_workers (name, queue) select * from unnest($1::text[], $2::text[])
        on conflict (name) do update set queue = excluded.queue, seen_at = now()
        """;

    private const string ForgetWorkers =
        "delete from queue_workers where name = any($1) or seen_at < now() - interval '1 hour'";

    private const string AddActivity = """
        insert into queue_activity (queue, completed, failed, waits, runs) values ($1, $2, $3, $4, $5)
        """;

    private const string AddTotals = """
        insert into queue_totals as t (queue, completed, failed) values ($1, $2, $3)
        on conflict (queue) do update
        set completed = t.completed + excluded.completed, failed = t.failed + excluded.failed
        """;

    private const string TrimActivity =
        "delete from queue_activity where at < now() - interval '10 minutes'";

    private HashSet<string> _told = new(StringComparer.Ordinal);

    protected override IReadOnlyList<Func<CancellationToken, Task>> Loops => [KeepReportingAsync];

    private async Task KeepReportingAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var changed = workers.Changed;
                await ReportAsync(cancellationToken);
                await changed
                    .WaitAsync(Interval, Clock, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // The workers have stopped by now, some maybe while the last report was under way.
            await ReportAsync(CancellationToken.None);
        }
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        var present = workers.All;
        var names = present.Select(worker => worker.Key).ToHashSet(StringComparer.Ordinal);
        await using var connection = await database.System.OpenConnectionAsync(cancellationToken);
        await using var batch = new SqlBatch(connection);
        batch.Add(
            SeeWorkers,
            SqlBatch.Value(names.ToArray()),
            SqlBatch.Value(present.Select(worker => worker.Value).ToArray())
        );
        batch.Add(ForgetWorkers, SqlBatch.Value(_told.Except(names).ToArray()));
        // Before it runs: a report that is cut off may be written all the same.
        _told.UnionWith(names);
        // Taken last: what is lost with a failing statement are the figures of some seconds, no job.
        foreach (var tally in metrics.Tally.Take())
        {
            Add(batch, tally);
        }
        await batch.Batch.ExecuteNonQueryAsync(cancellationToken);
        _told = names;
    }

    private static void Add(SqlBatch batch, QueueTally tally)
    {
        NpgsqlParameter[] ended =
        [
            SqlBatch.Value(tally.Queue),
            SqlBatch.Value(tally.Completed),
            SqlBatch.Value(tally.Failed),
        ];
        batch.Add(
            AddActivity,
            [.. ended, SqlBatch.Value(tally.Waits.ToArray()), SqlBatch.Value(tally.Runs.ToArray())]
        );
        batch.Add(AddTotals, [.. ended.Select(parameter => parameter.Clone())]);
        batch.Add(TrimActivity);
    }
}
