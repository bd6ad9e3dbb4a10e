using System.Threading.RateLimiting;
using RabbitMQ.Client;

namespace FlowChat.Queues.RabbitMq;

/// <summary>One connection from its opening to its end, which ends whatever still waits on it.</summary>
internal sealed class RabbitMqConnection : IAsyncDisposable
{
    // Unconfirmed messages of one channel.
    public const int MaxUnconfirmed = 2000;

    // The client waits for who publishes before it ends a channel, and that one for a socket that nobody reads.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly IConnection opened;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource end = new();
    private volatile TaskCompletionSource<string> blocked = NewSignal();
    private IChannel? channel;
    private long heard;
    private int ending;

    public RabbitMqConnection(IConnection opened, TimeProvider time)
    {
        (this.opened, this.time, heard) = (opened, time, time.GetTimestamp());
        Ended = end.Token;
        opened.ConnectionBlockedAsync += (_, alarm) =>
        {
            blocked.TrySetResult(alarm.Reason);
            return Task.CompletedTask;
        };
        opened.ConnectionUnblockedAsync += (_, _) =>
        {
            blocked = NewSignal();
            return Task.CompletedTask;
        };
        // Before any channel: its handler would wait for what this lets go of.
        opened.ConnectionShutdownAsync += (_, _) => end.CancelAsync();
    }

    public bool IsOpen => opened.IsOpen && !Ended.IsCancellationRequested;

    /// <summary>Completes with its reason while RabbitMQ takes no messages.</summary>
    public Task<string> Blocked => blocked.Task;

    /// <summary>
    /// What the client is asked for here may wait until this: to cancel one message sooner would put its count of the
    /// others out.
    /// </summary>
    public CancellationToken Ended { get; }

    /// <summary>Since RabbitMQ last said something of a message here.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref heard));

    /// <summary>A channel of its own.</summary>
    public Task<IChannel> OpenChannelAsync() => opened.CreateChannelAsync(null, Ended);

    /// <summary>The shared channel, whose messages are confirmed. Not by two at once.</summary>
    public async Task<IChannel> ChannelAsync()
    {
        if (channel is { IsOpen: true })
            return channel;
        channel = await opened.CreateChannelAsync(Confirmed(), Ended);
        channel.BasicAcksAsync += (_, _) => HeardAsync();
        channel.BasicNacksAsync += (_, _) => HeardAsync();
        return channel;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref ending, 1) == 1)
            return;
        await end.CancelAsync();
        try
        {
            await CloseAsync().WaitAsync(Farewell, time);
        }
        catch (TimeoutException)
        {
            // Nobody waits for it any more: it ends with its socket.
        }
    }

    private async Task CloseAsync()
    {
        await opened.AbortAsync();
        await opened.DisposeAsync();
        end.Dispose();
    }

    private Task HeardAsync()
    {
        Volatile.Write(ref heard, time.GetTimestamp());
        return Task.CompletedTask;
    }

    // The client's own limiter slows down from half of the limit on, by up to a second for each message.
    private static CreateChannelOptions Confirmed() =>
        new(
            publisherConfirmationsEnabled: true,
            publisherConfirmationTrackingEnabled: true,
            new ConcurrencyLimiter(
                new ConcurrencyLimiterOptions
                {
                    PermitLimit = MaxUnconfirmed,
                    QueueLimit = int.MaxValue,
                }
            )
        );

    private static TaskCompletionSource<string> NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
