using System.Text;
using FlowChat.Queues.Postgres;
using Npgsql;

namespace FlowChat.Queues.TestWorker;

internal sealed class Effects(NpgsqlDataSource dataSource, JobLedger ledger, bool hold)
{
    public async ValueTask<JobOutcome> RunAsync(
        ReadOnlyMemory<byte> payload,
        JobContext context,
        CancellationToken cancellationToken
    )
    {
        var begun = await MarkAsync();
        Console.WriteLine($"started {context.JobId}");
        // Deliberately deaf to the token: the fence alone must stop it.
        if (hold)
            await Console.In.ReadLineAsync(CancellationToken.None);
        else
            await Stay.AWhileAsync();
        try
        {
            var n = int.Parse(Encoding.UTF8.GetString(payload.Span), null);
            await CommitAsync(context, n, begun);
        }
        catch (PostgresException e) when (JobLedger.IsLeaseLost(e))
        {
            Console.WriteLine($"fenced {context.JobId}");
            throw;
        }
        ledger.AfterCommit([JobHint.Of(context.Lease)]);
        Console.WriteLine($"done {context.JobId}");
        return JobOutcome.Settled;
    }

    /// <summary>Of the numbers that effects have: whoever began after a commit has a higher one.</summary>
    private async Task<long> MarkAsync()
    {
        await using var next = dataSource.CreateCommand(
            "select nextval(pg_get_serial_sequence('effects', 'no'))"
        );
        return (long)(await next.ExecuteScalarAsync(CancellationToken.None))!;
    }

    private async Task CommitAsync(JobContext context, int n, long begun)
    {
        await using var connection = await dataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(
            CancellationToken.None
        );
        await using var batch = new NpgsqlBatch(connection, transaction);
        var effect = new NpgsqlBatchCommand(
            "insert into effects (job_id, lane, n, begun) values ($1, $2, $3, $4)"
        );
        effect.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = context.JobId });
        effect.Parameters.Add(new NpgsqlParameter<string> { TypedValue = context.Lane! });
        effect.Parameters.Add(new NpgsqlParameter<int> { TypedValue = n });
        effect.Parameters.Add(new NpgsqlParameter<long> { TypedValue = begun });
        batch.BatchCommands.Add(effect);
        ledger.Settle(batch, context.Lease, JobOutcome.Done);
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
