using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace FlowChat.Tests.Live;

/// <summary>GET /api/events as server-sent events.</summary>
internal static class EventStream
{
    public static async IAsyncEnumerable<StreamedEvent> ReadAsync(
        HttpClient http,
        string? lastEventId,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        long after = 0
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events?after={after}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }
        using var response = await http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var parser = SseParser.Create(body);
        await foreach (var item in parser.EnumerateAsync(cancellationToken))
        {
            var live = JsonElement.Parse(item.Data);
            yield return new(
                item.EventId,
                live.GetProperty("seq").GetInt64(),
                live.GetProperty("type").GetString()!
            );
        }
    }
}

internal sealed record StreamedEvent(string? Id, long Seq, string Type);
