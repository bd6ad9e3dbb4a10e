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
        Console.WriteLine($"started {context.JobId}");
        // Deliberately deaf to the token: the fence alone must stop it.
        if (hold)
            await Console.In.ReadLineAsync(CancellationToken.None);
        try
        {
            await CommitAsync(context, int.Parse(Encoding.UTF8.GetString(payload.Span), null));
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

    private async Task CommitAsync(JobContext context, int n)
    {
        await using var connection = await dataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(
            CancellationToken.None
        );
        await using var batch = new NpgsqlBatch(connection, transaction);
        var effect = new NpgsqlBatchCommand(
            "insert into effects (job_id, lane, n) values ($1, $2, $3)"
        );
        effect.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = context.JobId });
        effect.Parameters.Add(new NpgsqlParameter<string> { TypedValue = context.Lane! });
        effect.Parameters.Add(new NpgsqlParameter<int> { TypedValue = n });
        batch.BatchCommands.Add(effect);
        ledger.Settle(batch, context.Lease, JobOutcome.Done);
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
