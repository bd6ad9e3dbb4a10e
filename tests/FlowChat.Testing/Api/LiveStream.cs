using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace FlowChat.Testing.Api;

/// <summary>The hub's stream Events(afterSeq), in SignalR's JSON protocol over a plain web socket.</summary>
internal static class LiveStream
{
    private const byte Separator = 0x1e;
    private const int StreamItem = 2;
    private const int Completion = 3;
    private const int Close = 7;
    private const string Handshake = """{"protocol":"json","version":1}""";
    private const string Ping = """{"type":6}""";

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    public static async IAsyncEnumerable<LiveEvent> ReadAsync(
        Uri server,
        string apiKey,
        long afterSeq,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {apiKey}");
        await socket.ConnectAsync(
            new UriBuilder(server) { Scheme = "ws", Path = "/hubs/live" }.Uri,
            ct
        );
        await SendAsync(socket, Handshake, ct);
        var call =
            $$"""{"type":4,"invocationId":"1","target":"Events","arguments":[{{afterSeq}}]}""";
        await SendAsync(socket, call, ct);

        using var reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pings = SendPingsAsync(socket, reading.Token);
        try
        {
            await foreach (var frame in FramesAsync(socket, ct))
            {
                if (frame.Error is { } error)
                    throw new WebSocketException($"The live stream ended: {error}");
                if (frame.Type is Completion or Close)
                    yield break;
                if (frame.Type == StreamItem)
                    yield return frame.Item!;
            }
        }
        finally
        {
            await reading.CancelAsync();
            await pings.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A web socket message may hold several frames, and a frame may span several messages.</summary>
    private static async IAsyncEnumerable<Frame> FramesAsync(
        ClientWebSocket socket,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var buffer = new byte[16 * 1024];
        for (var filled = 0; ; )
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var received = await socket.ReceiveAsync(buffer.AsMemory(filled), ct);
            if (received.MessageType == WebSocketMessageType.Close)
                yield break;
            filled += received.Count;
            var start = 0;
            for (
                int end;
                (end = Array.IndexOf(buffer, Separator, start, filled - start)) >= 0;
                start = end + 1
            )
                yield return JsonSerializer.Deserialize<Frame>(
                    buffer.AsSpan(start, end - start),
                    FlowChatClient.Json
                )!;
            filled -= start;
            Array.Copy(buffer, start, buffer, 0, filled);
        }
    }

    private static async Task SendPingsAsync(ClientWebSocket socket, CancellationToken ct)
    {
        using var timer = new PeriodicTimer(PingInterval);
        while (await timer.WaitForNextTickAsync(ct))
            await SendAsync(socket, Ping, ct);
    }

    private static async Task SendAsync(
        ClientWebSocket socket,
        string frame,
        CancellationToken ct
    ) =>
        await socket.SendAsync(
            (byte[])[.. Encoding.UTF8.GetBytes(frame), Separator],
            WebSocketMessageType.Text,
            endOfMessage: true,
            ct
        );

    private sealed record Frame(int Type, LiveEvent? Item, string? Error);
}
