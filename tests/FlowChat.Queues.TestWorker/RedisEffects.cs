using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.TestWorker;

/// <summary>Without a ledger the effect comes before the job's end, and may come again.</summary>
internal sealed class RedisEffects(
    RedisClient client,
    IQueueBackend backend,
    string stream,
    bool hold
)
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
        {
            await Stay.AWhileAsync();
            await AddAsync(payload, context, begun, await MarkAsync());
        }
        var done = new JobSettlement(context.Lease, JobOutcome.Done);
        var held = await backend.SettleAsync([done], CancellationToken.None);
        Console.WriteLine($"{(held.Count == 1 ? "done" : "fenced")} {context.JobId}");
        return JobOutcome.Settled;
    }

    private async Task<long> MarkAsync()
    {
        var mark = new RedisCommand("INCR", $"{stream}:marks");
        return (await client.SendAsync(mark, CancellationToken.None)).Integer;
    }

    private async Task AddAsync(
        ReadOnlyMemory<byte> payload,
        JobContext context,
        long begun,
        long ended
    )
    {
        RedisValue[] fields =
        [
            .. (RedisValue[])["id", $"{context.JobId}", "lane", context.Lane!, "n", payload],
            .. (RedisValue[])["begun", begun, "ended", ended],
        ];
        await client.SendAsync(
            new RedisCommand("XADD", [stream, "*", .. fields]),
            CancellationToken.None
        );
    }
}
