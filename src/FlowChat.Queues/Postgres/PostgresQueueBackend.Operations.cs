using FlowChat.Queues.Postgres.Sql;

namespace FlowChat.Queues.Postgres;

public sealed partial class PostgresQueueBackend
{
    private const string MeasureSql = """
        select
          count(*) filter (where state in ('available', 'blocked') and due_at <= now()),
          count(*) filter (where state = 'leased'),
          count(*) filter (where state in ('available', 'blocked') and due_at > now()),
          count(*) filter (where state = 'dead'),
          count(distinct worker),
          coalesce(now() - min(due_at) filter (where state in ('available', 'blocked') and due_at <= now()), '0'),
          exists (select from job_queues where queue = $1 and paused_at is not null)
        from jobs where queue = $1
        """;

    private const string PauseSql = """
        insert into job_queues (queue, paused_at) values ($1, case when $2 then now() end)
        on conflict (queue) do update set paused_at = case when $2 then coalesce(job_queues.paused_at, now()) end
        """;

    /// <inheritdoc/>
    public async ValueTask SetPausedAsync(
        string queue,
        bool paused,
        CancellationToken cancellationToken
    )
    {
        await using var batch = dataSource.CreateBatch();
        batch.Append(PauseSql, Batches.Value(queue), Batches.Value(paused));
        await Reach(() => batch.ExecuteNonQueryAsync(cancellationToken));
        Signal.Notify([queue]);
    }

    /// <inheritdoc/>
    public async ValueTask<QueueFigures> MeasureAsync(
        string queue,
        CancellationToken cancellationToken
    )
    {
        await using var batch = dataSource.CreateBatch();
        batch.Append(MeasureSql, Batches.Value(queue));
        return await Reach(async () =>
        {
            await using var row = await batch.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return new QueueFigures
            {
                Queue = queue,
                Backend = "postgres",
                Waiting = row.GetInt64(0),
                Active = row.GetInt64(1),
                Delayed = row.GetInt64(2),
                Dead = row.GetInt64(3),
                BusyWorkers = (int)row.GetInt64(4),
                OldestWaiting = row.GetTimeSpan(5),
                Paused = row.GetBoolean(6),
            };
        });
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DeadJob>> FindDeadAsync(
        DeadJobFilter filter,
        DeadJobCursor? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var batch = dataSource.CreateBatch();
        BuriedJobs.AppendFind(batch, filter, after, limit);
        return await Reach(async () =>
        {
            var dead = new List<DeadJob>();
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                dead.Add(BuriedJobs.Read(reader, filter.Queue));
            return dead;
        });
    }

    /// <inheritdoc/>
    public async ValueTask<int> ActOnDeadAsync(
        DeadJobFilter filter,
        DeadJobAction action,
        bool dryRun,
        CancellationToken cancellationToken
    )
    {
        await using var batch = dataSource.CreateBatch();
        if (dryRun)
        {
            BuriedJobs.AppendCount(batch, filter);
            return (int)(long)(await Reach(() => batch.ExecuteScalarAsync(cancellationToken)))!;
        }
        if (action.IsRequeue)
            return await RequeueAsync(filter, action.PerSecond, cancellationToken);
        BuriedJobs.AppendDiscard(batch, filter);
        return await Reach(() => batch.ExecuteNonQueryAsync(cancellationToken));
    }

    private async Task<int> RequeueAsync(
        DeadJobFilter filter,
        double? perSecond,
        CancellationToken cancellationToken
    )
    {
        var apart = perSecond is { } pace ? TimeSpan.FromSeconds(1 / pace) : TimeSpan.Zero;
        var diedBy = await NowAsync(cancellationToken);
        var requeued = 0;
        while (true)
        {
            var page = await OldestAsync(filter, diedBy, cancellationToken);
            if (page.Count == 0)
                return requeued;
            await using var batch = dataSource.CreateBatch();
            var requeue = ReviveJobs.AppendRequeue(batch, page, apart, requeued);
            await Reach(() => batch.ExecuteNonQueryAsync(cancellationToken));
            requeued += (int)requeue.Rows;
            Signal.Notify([filter.Queue]);
        }
    }

    private async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken)
    {
        await using var batch = dataSource.CreateBatch();
        batch.Append("select now()");
        return await Reach(async () =>
        {
            await using var row = await batch.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return row.GetFieldValue<DateTimeOffset>(0);
        });
    }

    private async Task<List<(Guid TenantId, Guid Id)>> OldestAsync(
        DeadJobFilter filter,
        DateTimeOffset diedBy,
        CancellationToken cancellationToken
    )
    {
        await using var batch = dataSource.CreateBatch();
        BuriedJobs.AppendOldest(batch, filter, diedBy, RequeueBatch);
        return await Reach(async () =>
        {
            var page = new List<(Guid, Guid)>();
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                page.Add((reader.GetGuid(0), reader.GetGuid(1)));
            return page;
        });
    }
}
