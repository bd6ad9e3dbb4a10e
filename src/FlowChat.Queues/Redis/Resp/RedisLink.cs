using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Redis.Resp;

/// <summary>
/// The shared connection to one place, made anew whenever it breaks. Callers wait for the first attempt after a loss;
/// once that has failed they fail at once, until one succeeds.
/// </summary>
internal sealed partial class RedisLink : IAsyncDisposable
{
    // A server that lets in and hangs up is not called in a tight loop, nor one that comes back by a whole fleet.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    private readonly Func<CancellationToken, Task<RedisConnection>> dial;
    private readonly RedisOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Patience patience;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task keeping;
    private volatile TaskCompletionSource<RedisConnection> current = Unsettled();
    private volatile RedisConnection? shared;

    public RedisLink(
        Func<CancellationToken, Task<RedisConnection>> dial,
        RedisOptions options,
        TimeProvider time,
        ILogger logger
    )
    {
        this.dial = dial;
        this.options = options;
        this.time = time;
        this.logger = logger;
        patience = new Patience(time, Random.Shared);
        keeping = KeepAsync();
    }

    public ValueTask<RedisReply> SendAsync(
        RedisCommand command,
        CancellationToken cancellationToken
    ) =>
        shared is { IsOpen: true } open
            ? open.SendAsync(command, cancellationToken)
            : SendSoonAsync(command, cancellationToken);

    public async ValueTask<RedisConnection> ConnectionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectionWait.ForAsync(current.Task, options, time, cancellationToken);
        }
        catch (QueueUnavailableException e)
        {
            // Each caller gets one of its own: a stack trace is not for sharing.
            throw new QueueUnavailableException(e.Message, e.InnerException);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await keeping;
        stopping.Dispose();
    }

    private async ValueTask<RedisReply> SendSoonAsync(
        RedisCommand command,
        CancellationToken cancellationToken
    )
    {
        var connection = await ConnectionAsync(cancellationToken);
        return await connection.SendAsync(command, cancellationToken);
    }

    private async Task KeepAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await dial(stopping.Token);
                Publish(connection);
                await connection.Closed.WaitAsync(stopping.Token);
                current = Unsettled();
                await Task.Delay(Breath * (1 + Random.Shared.NextDouble()), time, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The loop ends.
            }
            catch (Exception e)
            {
                // Nobody else can, and callers wait for the outcome.
                await StayAwayAsync(
                    e as QueueUnavailableException ?? new QueueUnavailableException(e.Message, e)
                );
            }
        }

        Refuse(new QueueUnavailableException("This Redis client was closed."));
    }

    private void Publish(RedisConnection connection)
    {
        if (!patience.IsFirst)
            LogBack(logger, connection.Endpoint);
        patience.Reset();
        shared = connection;
        if (!current.TrySetResult(connection))
        {
            var ready = Unsettled();
            ready.SetResult(connection);
            current = ready;
        }
    }

    private async Task StayAwayAsync(QueueUnavailableException e)
    {
        if (patience.IsFirst)
            LogAway(logger, e.Message);
        Refuse(e);
        await patience.WaitAsync(stopping.Token);
    }

    private void Refuse(QueueUnavailableException e)
    {
        if (!current.TrySetException(e))
        {
            var refused = Unsettled();
            refused.SetException(e);
            current = refused;
        }

        // Nobody need be waiting.
        _ = current.Task.Exception;
    }

    private static TaskCompletionSource<RedisConnection> Unsettled() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Warning, "Redis can't be used, and is tried again: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "Redis at {Endpoint} is back")]
    private static partial void LogBack(ILogger logger, RedisEndpoint endpoint);
}
