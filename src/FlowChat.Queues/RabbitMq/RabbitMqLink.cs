using System.Threading.RateLimiting;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FlowChat.Queues.RabbitMq;

/// <summary>One connection and its channel for publishing and questions; both are replaced when they die.</summary>
internal sealed class RabbitMqLink(
    RabbitMqUrl url,
    Func<CancellationToken, Task<IConnection>> connect,
    TimeProvider time
) : IAsyncDisposable
{
    // Unconfirmed messages of one channel.
    private const int MaxUnconfirmed = 2000;

    // Who gives up sooner says nothing about the connection, which others use.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim one = new(1);
    private IConnection? connection;
    private IChannel? channel;
    private volatile TaskCompletionSource<string> blocked = NewSignal();

    public RabbitMqLink(RabbitMqUrl url, TimeProvider time)
        : this(url, ct => url.NewFactory().CreateConnectionAsync(ct), time) { }

    /// <summary>A channel of its own, once <paramref name="begin"/> has run on it.</summary>
    /// <exception cref="QueueUnavailableException">RabbitMQ is away, or refused.</exception>
    public Task<IChannel> OpenChannelAsync(
        Func<IChannel, Task> begin,
        CancellationToken cancellationToken
    ) =>
        ReachAsync(async () =>
        {
            var link = await ConnectAsync(cancellationToken);
            var opened = await link.CreateChannelAsync(cancellationToken: cancellationToken);
            try
            {
                await begin(opened);
                return opened;
            }
            catch
            {
                await opened.DisposeAsync();
                throw;
            }
        });

    /// <summary>Runs a call on the shared channel, whose messages are confirmed.</summary>
    /// <exception cref="QueueUnavailableException">
    /// RabbitMQ is away, has no room, or refused the call and closed the channel.
    /// </exception>
    public Task<T> CallAsync<T>(
        Func<IChannel, Task<T>> call,
        CancellationToken cancellationToken
    ) =>
        ReachAsync(async () =>
        {
            var asked = time.GetTimestamp();
            try
            {
                var open = await ChannelAsync(cancellationToken);
                var full = blocked.Task;
                return await UnlessAsync(full, full.IsCompleted ? null : call(open));
            }
            catch (OperationCanceledException) when (time.GetElapsedTime(asked) >= Silence)
            {
                // An answer that doesn't come: whatever is said next on this connection may wait as long.
                await DropAsync();
                throw;
            }
        });

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        one.Dispose();
    }

    // RabbitMQ reads nothing from a connection that it has blocked: it would wait for as long as the alarm lasts.
    private async Task<T> UnlessAsync<T>(Task<string> full, Task<T>? call)
    {
        if (call is not null && await Task.WhenAny(call, full) == call)
            return await call;
        _ = call?.ContinueWith(
            static late => late.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        throw new QueueUnavailableException(
            $"RabbitMQ at {url} takes no messages: {await full}. It goes on by itself once there is room."
        );
    }

    private async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true } open)
            return open;
        var link = await ConnectAsync(cancellationToken);
        await one.WaitAsync(cancellationToken);
        try
        {
            if (channel is { IsOpen: true })
                return channel;
            return channel = await link.CreateChannelAsync(Confirmed(), cancellationToken);
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<IConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        if (connection is { IsOpen: true } open)
            return open;
        await one.WaitAsync(cancellationToken);
        try
        {
            if (connection is { IsOpen: true })
                return connection;
            await DropAsync();
            return connection = Watched(await connect(cancellationToken));
        }
        finally
        {
            one.Release();
        }
    }

    private IConnection Watched(IConnection opened)
    {
        var signal = blocked = NewSignal();
        opened.ConnectionBlockedAsync += (_, alarm) =>
        {
            signal.TrySetResult(alarm.Reason);
            return Task.CompletedTask;
        };
        opened.ConnectionUnblockedAsync += (_, _) =>
        {
            signal = blocked = NewSignal();
            return Task.CompletedTask;
        };
        return opened;
    }

    private async Task DropAsync()
    {
        if (Interlocked.Exchange(ref connection, null) is not { } dropped)
            return;
        await dropped.AbortAsync();
        await dropped.DisposeAsync();
    }

    private async Task<T> ReachAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (PublishException e) when (!e.IsReturn)
        {
            throw new QueueFullException(
                $"RabbitMQ at {url} refused messages: a queue is as full as its policy lets it be.",
                e
            );
        }
        catch (Exception e) when (IsAway(e))
        {
            throw new QueueUnavailableException(
                $"RabbitMQ at {url}: {RabbitMqRefusal.Reason(e)}",
                e
            );
        }
    }

    internal static bool IsAway(Exception exception) =>
        exception
            is RabbitMQClientException
                or IOException
                or TimeoutException
                or System.Net.Sockets.SocketException
                or ObjectDisposedException;

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
