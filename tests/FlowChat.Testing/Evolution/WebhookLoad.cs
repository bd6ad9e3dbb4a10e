using System.Collections.Concurrent;
using FlowChat.Testing.Api;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>Posts many webhooks over several connections and repeats each until it got its 2xx.</summary>
public sealed class WebhookLoad(FlowChatClient client, Instance instance, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private int attempts;

    /// <summary>Requests begun, answered or not.</summary>
    public int Attempts => attempts;

    /// <summary>The ids of the messages that got a 2xx, in the order of their answers.</summary>
    public SignalledLog<string> Acknowledged { get; } = new();

    public Task PostAllAsync(
        IEnumerable<TextMessage> messages,
        int connections,
        CancellationToken ct
    )
    {
        var waiting = new ConcurrentQueue<TextMessage>(messages);
        return Task.WhenAll(Enumerable.Range(0, connections).Select(_ => DrainAsync(waiting, ct)));
    }

    private async Task DrainAsync(ConcurrentQueue<TextMessage> waiting, CancellationToken ct)
    {
        while (waiting.TryDequeue(out var message))
        {
            while (!await IsAcceptedAsync(message.ToBytes(), ct))
                await Task.Delay(Pause, time, ct);
            Acknowledged.Add(message.Id);
        }
    }

    private async Task<bool> IsAcceptedAsync(byte[] body, CancellationToken ct)
    {
        Interlocked.Increment(ref attempts);
        try
        {
            using var response = await client.TryPostWebhookAsync(instance, body, ct);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
