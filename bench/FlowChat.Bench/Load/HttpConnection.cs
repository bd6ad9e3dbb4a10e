using System.Net;
using System.Net.Sockets;

namespace FlowChat.Bench.Load;

/// <summary>A keep-alive connection that does no more than it must, since it shares the machine with the server.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] request = new byte[8 * 1024];
    private readonly byte[] response = new byte[16 * 1024];

    public static async Task<HttpConnection[]> OpenAsync(int count, int port, CancellationToken ct)
    {
        var connections = new HttpConnection[count];
        for (var i = 0; i < count; i++)
        {
            connections[i] = new HttpConnection();
            await connections[i].socket.ConnectAsync(IPAddress.Loopback, port, ct);
        }

        return connections;
    }

    /// <summary>Posts the nth webhook and returns the answer's status once all of it is here.</summary>
    public async ValueTask<int> PostAsync(Workload workload, long n, CancellationToken ct)
    {
        var length = workload.Write(n, request);
        for (var sent = 0; sent < length; )
            sent += await socket.SendAsync(request.AsMemory(sent, length - sent), ct);
        for (var filled = 0; ; )
        {
            var received = await socket.ReceiveAsync(response.AsMemory(filled), ct);
            if (received == 0)
                throw new IOException("The server closed a connection before its answer.");
            filled += received;
            if (HttpAnswer.IsWhole(response.AsSpan(0, filled), out var status))
                return status;
        }
    }

    public void Dispose() => socket.Dispose();
}
