using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlowChat.Queues.Tests.Redis.Resp;

/// <summary>A server that greets as Redis does and then says what the test wants, to the byte.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<Stream, CancellationToken, Task> script;
    private readonly Task accepting;

    public ScriptedServer(Func<Stream, CancellationToken, Task> script)
    {
        this.script = script;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Url => $"redis://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        while (!stopping.IsCancellationRequested)
        {
            var client = await listener.AcceptTcpClientAsync(stopping.Token);
            serving.Add(ServeAsync(client));
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        await using var stream = client.GetStream();
        var buffer = new byte[4096];
        if (await stream.ReadAsync(buffer, stopping.Token) == 0)
            return;
        await stream.WriteAsync(Encoding.UTF8.GetBytes("%1\r\n$2\r\nid\r\n:1\r\n"), stopping.Token);
        try
        {
            await script(stream, stopping.Token);
        }
        catch (IOException)
        {
            // The client has left.
        }
    }
}
