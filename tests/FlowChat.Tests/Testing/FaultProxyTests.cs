using System.Net;
using System.Net.Sockets;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Testing;

public sealed class FaultProxyTests : IAsyncLifetime
{
    private readonly TcpListener server = new(IPAddress.Loopback, 0);
    private FaultProxy proxy = null!;
    private TcpClient client = null!;
    private TcpClient accepted = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server.Start();
        proxy = FaultProxy.Start(server.LocalEndpoint);
        client = await ConnectAsync();
        accepted = await server.AcceptTcpClientAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        accepted.Dispose();
        await proxy.DisposeAsync();
        server.Dispose();
    }

    [Fact]
    public async Task What_stalled_goes_on_when_the_network_heals()
    {
        proxy.Fault = NetworkFault.Stalled;
        await client.GetStream().WriteAsync("ab"u8.ToArray(), Ct);
        var read = ReadAsync(accepted);
        Assert.False(read.IsCompleted);

        proxy.Fault = NetworkFault.None;

        Assert.Equal((byte)'a', await read);
    }

    [Fact]
    public async Task Lost_replies_stay_lost_while_requests_pass()
    {
        proxy.Fault = NetworkFault.RepliesLost;
        await client.GetStream().WriteAsync("q"u8.ToArray(), Ct);
        Assert.Equal((byte)'q', await ReadAsync(accepted));
        await accepted.GetStream().WriteAsync("x"u8.ToArray(), Ct);
        accepted.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal(-1, await ReadAsync(client));
    }

    [Fact]
    public async Task A_cut_resets_both_sides()
    {
        proxy.Cut();

        await AssertResetAsync(() => ReadAsync(client));
        await AssertResetAsync(() => ReadAsync(accepted));
    }

    [Fact]
    public async Task While_it_refuses_new_connections_are_reset_and_open_ones_stay()
    {
        proxy.Fault = NetworkFault.Refusing;

        await AssertResetAsync(async () =>
        {
            using var late = await ConnectAsync();
            await ReadAsync(late);
        });
        await client.GetStream().WriteAsync("q"u8.ToArray(), Ct);
        Assert.Equal((byte)'q', await ReadAsync(accepted));
    }

    [Fact]
    public async Task A_client_that_is_killed_takes_the_servers_side_along()
    {
        // As a kernel does for a process that is killed with something unread.
        client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
        client.Client.Dispose();

        await AssertResetAsync(() => ReadAsync(accepted));
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, proxy.Port, Ct);
        return connection;
    }

    private static async Task AssertResetAsync(Func<Task> use)
    {
        var error = await Record.ExceptionAsync(use);
        var socketError = Assert.IsType<SocketException>(error?.GetBaseException());
        Assert.Equal(SocketError.ConnectionReset, socketError.SocketErrorCode);
    }

    private static async Task<int> ReadAsync(TcpClient connection)
    {
        var buffer = new byte[1];
        return await connection.GetStream().ReadAsync(buffer, Ct) == 0 ? -1 : buffer[0];
    }
}
