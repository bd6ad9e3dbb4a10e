using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text.Json;
using FlowChat.Testing.Api;

namespace FlowChat.Chaos.Traffic;

/// <summary>A page that watches its tenant by server-sent events, and comes back from its last place when it is cut.</summary>
internal sealed class LiveReader
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // The node and nginx may both be gone without a word: silence is broken by what the traffic causes.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly FlowChatClient client;
    private readonly Judge judge;
    private readonly TimeProvider time;
    private readonly Dictionary<Guid, Message> messages = [];
    private readonly Lock gate = new();
    private volatile bool isOffline;
    private volatile Action cut = () => { };

    private LiveReader(FlowChatClient client, Judge judge, TimeProvider time, long seq)
    {
        this.client = client;
        this.judge = judge;
        this.time = time;
        Seq = seq;
    }

    public FlowChatClient Client => client;

    public long Seq { get; private set; }

    /// <summary>The longest time from the loss of a stream to the next one's beginning.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>As the events tell them.</summary>
    public IReadOnlyDictionary<Guid, Message> Messages
    {
        get
        {
            lock (gate)
                return new Dictionary<Guid, Message>(messages);
        }
    }

    public static async Task<LiveReader> FromNowAsync(
        FlowChatClient client,
        Judge judge,
        TimeProvider time,
        CancellationToken ct
    ) => new(client, judge, time, (await client.EventsAsync(long.MaxValue, ct)).LastSeq);

    /// <summary>No network at all, until it is back.</summary>
    public void GoOffline()
    {
        isOffline = true;
        cut();
    }

    public void ComeBack() => isOffline = false;

    public async Task RunAsync(CancellationToken ends)
    {
        long? lostAt = null;
        while (!ends.IsCancellationRequested)
        {
            try
            {
                if (!isOffline)
                    await ReadAsync(() => lostAt = Regained(lostAt), ends);
            }
            catch (Exception error)
                when (error
                        is HttpRequestException
                            or SocketException
                            or IOException
                            or OperationCanceledException
                )
            {
                // Cut, or told to end.
            }
            lostAt ??= time.GetTimestamp();
            await Task.Delay(Pause, time, ends)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private long? Regained(long? lostAt)
    {
        if (lostAt is { } since && time.GetElapsedTime(since) is var gap && gap > LongestGap)
            LongestGap = gap;
        return null;
    }

    private async Task ReadAsync(Action regained, CancellationToken ends)
    {
        using var silence = new CancellationTokenSource(Silence, time);
        cut = () => Cancel(silence);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ends, silence.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Add("Last-Event-ID", $"{Seq}");
        using var response = await client.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            either.Token
        );
        var answer =
            response.StatusCode == HttpStatusCode.OK
                ? ""
                : await response.Content.ReadAsStringAsync(either.Token);
        if (!judge.Accepts("A live stream", response.StatusCode, answer))
            return;
        regained();
        await using var body = await response.Content.ReadAsStreamAsync(either.Token);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(either.Token))
        {
            silence.CancelAfter(Silence);
            if (item.Data.Length > 0)
                Apply(JsonSerializer.Deserialize<LiveEvent>(item.Data, FlowChatClient.Json)!);
        }
    }

    private static void Cancel(CancellationTokenSource reading)
    {
        try
        {
            reading.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private void Apply(LiveEvent live)
    {
        // Not of the log: a node that stops, and who types, say so with the seq where this reader is.
        if (live.Type is "reconnect" or "contact.typing")
            return;
        if (live.Type is "reset" or "unauthenticated")
            judge.Condemn($"A live stream was told {live.Type} after {Seq}");
        else if (live.Seq != Seq + 1)
            judge.Condemn($"A live stream was told {live.Seq} after {Seq}");
        Seq = live.Seq;
        if (live.Message is not { } message)
            return;
        lock (gate)
            if (!messages.TryGetValue(message.Id, out var held) || message.Version > held.Version)
                messages[message.Id] = message;
    }
}
