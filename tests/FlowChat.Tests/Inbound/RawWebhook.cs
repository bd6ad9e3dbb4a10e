using System.Globalization;
using System.Net.Sockets;
using System.Text;
using FlowChat.Testing.Api;

namespace FlowChat.Tests.Inbound;

/// <summary>A webhook whose body comes as a test wishes: never, drop by drop, without an end.</summary>
internal sealed class RawWebhook : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    /// <param name="server">Whom to post to.</param>
    /// <param name="instance">Whose webhook it is.</param>
    /// <param name="length">The Content-Length; null sends chunks.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<RawWebhook> BeginAsync(
        Uri server,
        Instance instance,
        long? length,
        CancellationToken ct
    )
    {
        var webhook = new RawWebhook();
        await webhook._client.ConnectAsync(server.Host, server.Port, ct);
        webhook._stream = webhook._client.GetStream();
        var framing = length is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes}")
            : "Transfer-Encoding: chunked";
        await webhook.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /webhooks/evolution/{instance.Id} HTTP/1.1\r\nHost: {server.Authority}\r\n"
                    + $"Authorization: Bearer {instance.WebhookSecret}\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
            ),
            ct
        );
        return webhook;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct) =>
        _stream.WriteAsync(bytes, ct);

    public async Task WriteChunkAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var length = bytes.Length.ToString("x", CultureInfo.InvariantCulture);
        await WriteAsync(Encoding.ASCII.GetBytes(length + "\r\n"), ct);
        await WriteAsync(bytes, ct);
        await WriteAsync("\r\n"u8.ToArray(), ct);
    }

    /// <summary>Chunks without an end, until the server takes no more; returns how many bytes it took.</summary>
    public async Task<long> FloodAsync(CancellationToken ct)
    {
        var chunk = new byte[64 * 1024];
        chunk.AsSpan().Fill((byte)' ');
        for (var sent = 0L; ; sent += chunk.Length)
        {
            try
            {
                await WriteChunkAsync(chunk, ct);
            }
            catch (IOException)
            {
                return sent;
            }
        }
    }

    /// <summary>The answer's head: its status line and headers.</summary>
    public async Task<string> ReadHeadAsync(CancellationToken ct)
    {
        using var reader = new StreamReader(_stream, Encoding.ASCII, leaveOpen: true);
        var head = new StringBuilder();
        while (await reader.ReadLineAsync(ct) is { Length: > 0 } line)
        {
            head.AppendLine(line);
        }
        return head.ToString();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
