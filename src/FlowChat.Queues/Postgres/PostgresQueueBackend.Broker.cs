using FlowChat.Queues.Postgres.Sql;
using Npgsql;

namespace FlowChat.Queues.Postgres;

/// <summary>What a broker's entries name, and what is to be named by them.</summary>
public sealed partial class PostgresQueueBackend
{
    /// <summary>Claims those of the named jobs that may run this moment.</summary>
    internal async Task<List<ClaimedJob>> ClaimNamedAsync(
        QueueOptions queue,
        string worker,
        IReadOnlyCollection<JobLease> names
    )
    {
        await using var batch = dataSource.CreateBatch();
        var token = Guid.CreateVersion7();
        ClaimNamedJobs.Append(batch, queue, worker, names, token);
        return await Reach(() => ClaimJobs.ReadAsync(batch, queue.Name, token));
    }

    /// <summary>
    /// What may run now of what is hinted at and of what became due after <paramref name="since"/>, longest due first.
    /// </summary>
    internal async Task<AvailableJobs> FindAvailableAsync(
        QueueOptions queue,
        IReadOnlyCollection<JobHint> hints,
        DateTimeOffset since,
        int max,
        CancellationToken cancellationToken
    )
    {
        await using var batch = dataSource.CreateBatch();
        FindAvailableJobs.AppendHinted(batch, queue, hints, since, max);
        return await ReadAvailableAsync(batch, cancellationToken);
    }

    /// <summary>All that may run now, longest due first.</summary>
    internal async Task<AvailableJobs> FindAvailableAsync(
        QueueOptions queue,
        int max,
        CancellationToken cancellationToken
    )
    {
        await using var batch = dataSource.CreateBatch();
        FindAvailableJobs.AppendEvery(batch, queue, max);
        return await ReadAvailableAsync(batch, cancellationToken);
    }

    /// <summary>How many may run now, counted up to so many.</summary>
    internal async Task<long> CountAvailableAsync(
        QueueOptions queue,
        int most,
        CancellationToken cancellationToken
    )
    {
        await using var batch = dataSource.CreateBatch();
        FindAvailableJobs.AppendCount(batch, queue, most);
        return await Reach(async () => (long)(await batch.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>Those of the named jobs that live, whatever their state.</summary>
    internal async Task<List<(Guid TenantId, Guid Id)>> FindKnownAsync(
        IReadOnlyCollection<JobLease> names,
        CancellationToken cancellationToken
    )
    {
        await using var batch = dataSource.CreateBatch();
        FindAvailableJobs.AppendKnown(batch, names);
        return await ReadNamesAsync(batch, cancellationToken);
    }

    private static Task<AvailableJobs> ReadAvailableAsync(
        NpgsqlBatch batch,
        CancellationToken cancellationToken
    ) =>
        Reach(async () =>
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var found = await ReadNamesAsync(reader, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return new AvailableJobs(
                found,
                await reader.GetFieldValueAsync<DateTimeOffset>(0, cancellationToken),
                await reader.IsDBNullAsync(1, cancellationToken)
                    ? null
                    : await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellationToken)
            );
        });

    private static Task<List<(Guid, Guid)>> ReadNamesAsync(
        NpgsqlBatch batch,
        CancellationToken cancellationToken
    ) =>
        Reach(async () =>
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            return await ReadNamesAsync(reader, cancellationToken);
        });

    private static async Task<List<(Guid, Guid)>> ReadNamesAsync(
        NpgsqlDataReader reader,
        CancellationToken cancellationToken
    )
    {
        var names = new List<(Guid, Guid)>();
        while (await reader.ReadAsync(cancellationToken))
            names.Add((reader.GetGuid(0), reader.GetGuid(1)));
        return names;
    }
}

/// <summary>What may run, when that was looked at, and when the next job is due.</summary>
internal sealed record AvailableJobs(
    IReadOnlyList<(Guid TenantId, Guid Id)> Jobs,
    DateTimeOffset At,
    DateTimeOffset? NextDue
);
