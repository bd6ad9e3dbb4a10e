using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FlowChat.Testing.Servers;

public enum NetworkFault
{
    None,

    /// <summary>Nothing passes either way until it heals; then what waited goes on.</summary>
    Stalled,

    /// <summary>Requests pass, replies are lost.</summary>
    RepliesLost,

    /// <summary>New connections are reset at once; open ones stay.</summary>
    Refusing,
}

/// <summary>A network between a client and a server on this machine that can be made bad and good again.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Connection, byte> connections = new();
    private readonly Task accepting;
    private volatile TaskCompletionSource flowing = Completed();
    private NetworkFault fault;
    private volatile Loss? losing;

    private FaultProxy(EndPoint target)
    {
        Target = target;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Of the connections to come, as when a balancer turns to another node.</summary>
    public EndPoint Target { get; set; }

    /// <summary>Added to every piece that passes, in both directions.</summary>
    public TimeSpan Delay { get; set; }

    public NetworkFault Fault
    {
        get => fault;
        set
        {
            fault = value;
            if (value == NetworkFault.Stalled)
                flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);
            else
                flowing.TrySetResult();
        }
    }

    /// <summary>
    /// Lets the next request with these bytes through, and resets its connection in place of the reply. Completes when
    /// that has happened: the server has done what it was asked, and nobody was told.
    /// </summary>
    /// <returns>The port from which the server was asked; 0 on a local socket.</returns>
    public Task<int> LoseReplyToAsync(ReadOnlyMemory<byte> marker)
    {
        var loss = new Loss(marker);
        losing = loss;
        return loss.Done.Task;
    }

    public static FaultProxy Start(EndPoint target) => new(target);

    public static FaultProxy StartFor(Uri server) =>
        new(new IPEndPoint(IPAddress.Loopback, server.Port));

    /// <summary>Resets every open connection; what was on its way is lost.</summary>
    public void Cut()
    {
        foreach (var connection in connections.Keys)
            connection.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        Cut();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(connections.Keys.Select(connection => connection.Ended))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptSocketAsync(stopping.Token);
            var connection = new Connection(this, client);
            connections[connection] = 0;
            if (Fault == NetworkFault.Refusing)
                connection.Reset();
            connection.Begin();
        }
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private sealed class Connection(FaultProxy proxy, Socket client) : IDisposable
    {
        private readonly EndPoint target = proxy.Target;
        private readonly Socket server = new(
            proxy.Target.AddressFamily,
            SocketType.Stream,
            proxy.Target.AddressFamily == AddressFamily.Unix
                ? ProtocolType.Unspecified
                : ProtocolType.Tcp
        );

        private volatile Loss? loss;
        private int gone;

        public Task Ended { get; private set; } = Task.CompletedTask;

        public void Begin() => Ended = RunAsync();

        public void Reset()
        {
            if (Interlocked.Exchange(ref gone, 1) == 1)
                return;
            try
            {
                client.LingerState = new LingerOption(enable: true, seconds: 0);
                server.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself meanwhile.
            }
            Dispose();
        }

        public void Dispose()
        {
            Volatile.Write(ref gone, 1);
            client.Dispose();
            server.Dispose();
        }

        private async Task RunAsync()
        {
            try
            {
                await server.ConnectAsync(target, proxy.stopping.Token);
                await Task.WhenAll(
                    PumpAsync(client, server, isReply: false),
                    PumpAsync(server, client, isReply: true)
                );
            }
            catch (Exception e)
                when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // One side is gone: so is the other.
            }
            finally
            {
                Dispose();
                proxy.connections.TryRemove(this, out _);
            }
        }

        /// <summary>A side that vanishes takes the other along at once, as the kernel of a killed process does.</summary>
        private async Task PumpAsync(Socket from, Socket to, bool isReply)
        {
            try
            {
                await CopyAsync(from, to, isReply);
            }
            catch (SocketException)
            {
                Reset();
                throw;
            }
        }

        private async Task CopyAsync(Socket from, Socket to, bool isReply)
        {
            var ct = proxy.stopping.Token;
            var buffer = new byte[16 * 1024];
            while (await from.ReceiveAsync(buffer, ct) is > 0 and var read)
            {
                await proxy.flowing.Task.WaitAsync(ct);
                if (proxy.Delay > TimeSpan.Zero)
                    await Task.Delay(proxy.Delay, TimeProvider.System, ct);
                if (isReply && proxy.Fault == NetworkFault.RepliesLost)
                    continue;
                if (isReply && loss is { } lost)
                {
                    var port = (server.LocalEndPoint as IPEndPoint)?.Port ?? 0;
                    Reset();
                    lost.Done.TrySetResult(port);
                    return;
                }
                if (
                    !isReply
                    && proxy.losing is { } next
                    && buffer.AsSpan(0, read).IndexOf(next.Marker.Span) >= 0
                )
                    (loss, proxy.losing) = (next, null);
                for (var sent = 0; sent < read; )
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), ct);
            }

            to.Shutdown(SocketShutdown.Send);
        }
    }

    private sealed record Loss(ReadOnlyMemory<byte> Marker)
    {
        public TaskCompletionSource<int> Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
