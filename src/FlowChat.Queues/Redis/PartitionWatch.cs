using FlowChat.Queues.Redis.Resp;

namespace FlowChat.Queues.Redis;

/// <summary>A partition's turn to be claimed from, and the wait for news of it, which takes nothing.</summary>
internal sealed class PartitionWatch(RedisQueue queue, RedisClient client, TimeProvider time)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private RedisBlockingConnection? connection;
    private Exception? failure;
    private Task waiting = Task.CompletedTask;

    public RedisQueue Queue => queue;

    /// <summary>Why the last wait failed: told once, so that whoever has the next turn is patient.</summary>
    public Exception? TakeFailure() => Interlocked.Exchange(ref failure, null);

    /// <param name="ended">Something came, or nothing did within the poll interval.</param>
    public void Begin(Action<PartitionWatch> ended) => waiting = RunAsync(WaitAsync, ended);

    /// <summary>A rest in place of the wait.</summary>
    public void Rest(TimeSpan pause, Action<PartitionWatch> ended) =>
        waiting = RunAsync(() => Task.Delay(pause, time, stop.Token), ended);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await CloseAsync();
        await waiting;
        // Of a connection that was being made.
        await CloseAsync();
        stop.Dispose();
    }

    private async Task RunAsync(Func<Task> wait, Action<PartitionWatch> ended)
    {
        try
        {
            await wait();
        }
        catch (Exception e)
        {
            await CloseAsync();
            failure = e;
        }
        ended(this);
    }

    private async Task WaitAsync()
    {
        // What came after a vain look comes after these, so that none is missed.
        var last = await queue.EvaluateAsync(QueueScripts.LastDelivered, default, stop.Token);
        connection ??= await client.OpenBlockingAsync(queue.Stream, stop.Token);
        var longest = queue.Options.PollInterval;
        var news = new RedisCommand(
            "XREAD",
            [
                "COUNT",
                1,
                "BLOCK",
                (long)longest.TotalMilliseconds,
                "STREAMS",
                queue.Front,
                queue.Stream,
                last[0].Bytes,
                last[1].Bytes,
            ]
        );
        await connection.SendAsync(news, longest, CancellationToken.None);
    }

    private async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref connection, null) is { } open)
            await open.DisposeAsync();
    }
}
