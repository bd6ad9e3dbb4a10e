using Microsoft.Extensions.Logging;

namespace FlowChat.Queues.Ledger;

/// <summary>
/// Whether a queue's broker can be used. Open from the first failed or endless call, and before the first connection;
/// nobody but the one who reconnects waits for a broker that is away.
/// </summary>
internal sealed partial class BrokerCircuit(string queue, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly Lock turning = new();
    private volatile TaskCompletionSource opened = Completed();
    private volatile TaskCompletionSource closed = NewSignal();

    public bool IsOpen => opened.Task.IsCompleted;

    /// <summary>Completes when the circuit opens.</summary>
    public Task Opened => opened.Task;

    /// <summary>Completes when it closes.</summary>
    public Task Closed => closed.Task;

    public void Close()
    {
        lock (turning)
        {
            if (!IsOpen)
                return;
            opened = NewSignal();
            closed.SetResult();
        }
        Log.Closed(logger, queue);
    }

    public void Open(Exception reason)
    {
        lock (turning)
        {
            if (IsOpen)
                return;
            closed = NewSignal();
            opened.SetResult();
        }
        Log.Opened(logger, queue, reason);
    }

    /// <summary>One call to the broker, given up when it doesn't end.</summary>
    /// <exception cref="QueueUnavailableException">The broker is away.</exception>
    public async Task<T> CallAsync<T>(
        Func<CancellationToken, ValueTask<T>> call,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await call(limit.Token).AsTask().WaitAsync(Limit, time, cancellationToken);
        }
        catch (QueueFullException)
        {
            throw;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await limit.CancelAsync();
            Open(e);
            throw new QueueUnavailableException($"The broker of queue {queue} is away.", e);
        }
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Completed()
    {
        var completed = NewSignal();
        completed.SetResult();
        return completed;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The broker of {Queue} is away; its jobs are claimed from PostgreSQL"
        )]
        public static partial void Opened(ILogger logger, string queue, Exception exception);

        [LoggerMessage(LogLevel.Information, "The broker of {Queue} carries its jobs")]
        public static partial void Closed(ILogger logger, string queue);
    }
}
