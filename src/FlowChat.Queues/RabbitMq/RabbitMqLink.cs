using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FlowChat.Queues.RabbitMq;

/// <summary>One connection and its channel for publishing and questions; both are replaced when they die.</summary>
internal sealed class RabbitMqLink(RabbitMqUrl url, TimeProvider time) : IAsyncDisposable
{
    // Unconfirmed messages of one channel.
    private const int MaxUnconfirmed = 2000;

    // Who gives up sooner says nothing about the connection, on which workers hold their messages.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly ConnectionFactory factory = url.NewFactory();
    private readonly SemaphoreSlim one = new(1);
    private IConnection? connection;
    private IChannel? channel;

    /// <exception cref="QueueUnavailableException">RabbitMQ is away.</exception>
    public Task<IChannel> OpenChannelAsync(CancellationToken cancellationToken) =>
        ReachAsync(async () =>
            await (await ConnectAsync(cancellationToken)).CreateChannelAsync(
                cancellationToken: cancellationToken
            )
        );

    /// <summary>Runs a call on the shared channel, whose messages are confirmed.</summary>
    /// <exception cref="QueueUnavailableException">RabbitMQ is away, or refused the call and closed the channel.</exception>
    public Task<T> CallAsync<T>(
        Func<IChannel, Task<T>> call,
        CancellationToken cancellationToken
    ) =>
        ReachAsync(async () =>
        {
            var asked = time.GetTimestamp();
            try
            {
                return await call(await ChannelAsync(cancellationToken));
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

    private async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (channel is { IsOpen: true } open)
            return open;
        var link = await ConnectAsync(cancellationToken);
        await one.WaitAsync(cancellationToken);
        try
        {
            if (channel is not { IsOpen: true })
                channel = await link.CreateChannelAsync(
                    new CreateChannelOptions(
                        publisherConfirmationsEnabled: true,
                        publisherConfirmationTrackingEnabled: true,
                        new ThrottlingRateLimiter(MaxUnconfirmed)
                    ),
                    cancellationToken
                );
            return channel;
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
            if (connection is not { IsOpen: true })
                connection = await factory.CreateConnectionAsync(cancellationToken);
            return connection;
        }
        finally
        {
            one.Release();
        }
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
        catch (Exception e) when (IsAway(e))
        {
            throw new QueueUnavailableException($"RabbitMQ at {url} is away or refused.", e);
        }
    }

    internal static bool IsAway(Exception exception) =>
        exception
            is RabbitMQClientException
                or IOException
                or TimeoutException
                or System.Net.Sockets.SocketException
                or ObjectDisposedException;
}
