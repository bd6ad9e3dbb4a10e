using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using ChannelClosedException = System.Threading.Channels.ChannelClosedException;

namespace FlowChat.Queues.RabbitMq;

/// <summary>One connection and its channel for publishing and questions; both are replaced when they die.</summary>
internal sealed class RabbitMqLink(
    RabbitMqUrl url,
    Func<CancellationToken, Task<IConnection>> connect,
    TimeProvider time
) : IAsyncDisposable
{
    // Of one call, with the connecting that it may need.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    // Who gives up sooner says nothing about the connection, which others use.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    // Two looks, each followed by the longest call, end before a third heartbeat is missed.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim one = new(1);
    private RabbitMqConnection? connection;

    public RabbitMqLink(RabbitMqUrl url, TimeProvider time)
        : this(url, ct => url.NewFactory().CreateConnectionAsync(ct), time) { }

    /// <summary>A channel of its own, once <paramref name="begin"/> has run on it.</summary>
    /// <exception cref="QueueUnavailableException">RabbitMQ is away, refused or gave no answer in 10 s.</exception>
    public Task<IChannel> OpenChannelAsync(
        Func<IChannel, RabbitMqConnection, Task> begin,
        CancellationToken cancellationToken
    ) =>
        ReachAsync(
            async () =>
            {
                var link = await ConnectAsync();
                var opened = await link.OpenChannelAsync();
                try
                {
                    await begin(opened, link);
                    return opened;
                }
                catch
                {
                    await opened.DisposeAsync();
                    throw;
                }
            },
            cancellationToken
        );

    /// <summary>
    /// Runs a call on the shared channel, whose messages are confirmed. What it asks of the channel ends with the
    /// connection: the caller's token ends only the caller's wait.
    /// </summary>
    /// <exception cref="QueueUnavailableException">
    /// RabbitMQ is away, has no room, gave no answer in 10 s, or refused the call and closed the channel.
    /// </exception>
    public Task<T> CallAsync<T>(
        Func<IChannel, RabbitMqConnection, Task<T>> call,
        CancellationToken cancellationToken
    ) =>
        ReachAsync(
            async () =>
            {
                var link = await ConnectAsync();
                var open = await ChannelAsync(link);
                var full = link.Blocked;
                return await UnlessAsync(full, full.IsCompleted ? null : call(open, link));
            },
            cancellationToken
        );

    /// <summary>Asks for what every virtual host has, and only the server can say so.</summary>
    /// <exception cref="QueueUnavailableException">As of <see cref="CallAsync"/>.</exception>
    public Task PingAsync(CancellationToken cancellationToken) =>
        CallAsync(
            async (channel, connection) =>
            {
                await channel.ExchangeDeclarePassiveAsync("amq.direct", connection.Ended);
                return true;
            },
            cancellationToken
        );

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
        Leave(call);
        throw new QueueUnavailableException(
            $"RabbitMQ at {url} takes no messages: {await full}. It goes on by itself once there is room."
        );
    }

    private async Task<IChannel> ChannelAsync(RabbitMqConnection link)
    {
        await one.WaitAsync(link.Ended);
        try
        {
            return await link.ChannelAsync();
        }
        finally
        {
            one.Release();
        }
    }

    private async Task<RabbitMqConnection> ConnectAsync()
    {
        if (connection is { IsOpen: true } open)
            return open;
        using var limit = new CancellationTokenSource(Longest, time);
        await one.WaitAsync(limit.Token);
        try
        {
            if (connection is { IsOpen: true })
                return connection;
            await DropAsync();
            connection = new RabbitMqConnection(await connect(limit.Token), time);
            _ = WatchAsync(connection);
            return connection;
        }
        finally
        {
            one.Release();
        }
    }

    // The client (before 7.2.1) may end the process when it finds by missed heartbeats that nothing comes any more: a
    // connection on which no question is answered is left before.
    private async Task WatchAsync(RabbitMqConnection watched)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(watched.Ended))
                await TryPingAsync();
        }
        catch (OperationCanceledException) { }
    }

    private async Task TryPingAsync()
    {
        try
        {
            await PingAsync(CancellationToken.None);
        }
        catch (QueueUnavailableException)
        {
            // The connection is gone, or full: neither needs more than that.
        }
    }

    private ValueTask DropAsync() =>
        Interlocked.Exchange(ref connection, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<T> ReachAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var answer = call();
        try
        {
            return await answer.WaitAsync(Longest, time, cancellationToken);
        }
        catch (PublishException e) when (!e.IsReturn)
        {
            throw new QueueFullException(
                $"RabbitMQ at {url} refused messages: a queue is as full as its policy lets it be.",
                e
            );
        }
        catch (Exception e)
            when (IsAway(e)
                || e is OperationCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            await LeaveAsync(answer, asked);
            throw new QueueUnavailableException(
                $"RabbitMQ at {url}: {RabbitMqRefusal.Reason(e)}",
                e
            );
        }
        catch (OperationCanceledException)
        {
            await LeaveAsync(answer, asked);
            throw;
        }
    }

    // Where no answer comes, and none to others either, whatever is said next on this connection may wait as long.
    private async Task LeaveAsync(Task answer, long asked)
    {
        Leave(answer);
        if (
            time.GetElapsedTime(asked) >= Silence
            && connection is { } silent
            && silent.Silence >= Silence
        )
            await DropAsync();
    }

    private static void Leave(Task? call) =>
        _ = call?.ContinueWith(
            static late => late.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

    // The last is what the client says when its socket ends while it writes.
    internal static bool IsAway(Exception exception) =>
        exception
            is RabbitMQClientException
                or IOException
                or TimeoutException
                or System.Net.Sockets.SocketException
                or ObjectDisposedException
                or ChannelClosedException;
}
