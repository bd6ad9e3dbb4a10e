using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FlowChat.Accounts;
using FlowChat.Json;
using Microsoft.OpenApi;

namespace FlowChat.Live;

internal static class LiveEndpoints
{
    private const int MostEvents = 1_000;

    // A server that restarts is back within seconds.
    private const string Reconnect = "retry: 2000\n\n";

    private static readonly LiveEvent Unauthenticated = new(0, "unauthenticated", default, "{}");

    public static void MapLive(this IEndpointRouteBuilder routes)
    {
        routes.MapHub<LiveHub>("/hubs/live").RequireAuthorization(Policies.Viewer);
        routes
            .MapGet("/api/events", ReadAsync)
            .RequireAuthorization(Policies.Viewer)
            .WithTags("Live")
            .WithSummary(
                "The live log after a seq, as JSON or, when text/event-stream is accepted, as a stream"
            )
            .Produces<EventPage>()
            .AddOpenApiOperationTransformer(
                (operation, _, _) =>
                {
                    operation.Responses!["200"].Content!["text/event-stream"] = new()
                    {
                        Schema = new OpenApiSchema
                        {
                            Type = JsonSchemaType.String,
                            Description = "id: seq, data: the event as JSON.",
                        },
                    };
                    return Task.CompletedTask;
                }
            );
    }

    private static async Task<IResult> ReadAsync(
        Caller caller,
        HttpRequest request,
        EventLog log,
        LiveStream stream,
        TimeProvider clock,
        CancellationToken cancellationToken,
        long after = 0,
        int limit = 200
    )
    {
        if (
            request
                .GetTypedHeaders()
                .Accept.Any(type =>
                    type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase)
                )
        )
        {
            var lastSeen = request.Headers["Last-Event-ID"].ToString();
            var from = long.TryParse(lastSeen, CultureInfo.InvariantCulture, out var seen)
                ? seen
                : after;
            return TypedResults.ServerSentEvents(
                StreamAsync(request.HttpContext.Response, stream, caller, from, cancellationToken)
            );
        }
        var bounds = await log.ReadBoundsAsync(caller.TenantId, cancellationToken);
        // 0 asks for the oldest that is kept, whatever was trimmed before it.
        after = after == 0 ? bounds.Oldest - 1 : after;
        if (!bounds.Holds(after))
        {
            return TypedResults.Ok(
                new EventPage([LiveEvent.Reset(bounds.Last, clock.GetUtcNow())], bounds.Last)
            );
        }
        var events = await log.ReadAsync(
            caller.TenantId,
            after,
            Math.Clamp(limit, 1, MostEvents),
            cancellationToken
        );
        return TypedResults.Ok(
            new EventPage(events, Math.Max(bounds.Last, events.Count > 0 ? events[^1].Seq : 0))
        );
    }

    private static async IAsyncEnumerable<SseItem<string>> StreamAsync(
        HttpResponse response,
        LiveStream stream,
        Caller caller,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Before the first event, which may be long in coming.
        await response.WriteAsync(Reconnect, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
        await using var events = stream
            .ReadAsync(caller, after, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            LiveEvent? live;
            try
            {
                live = await events.MoveNextAsync() ? events.Current : null;
            }
            catch (UnauthenticatedException)
            {
                live = Unauthenticated;
            }
            if (live is null)
            {
                yield break;
            }
            var reconnects = live.Type == LiveEvent.ReconnectType;
            yield return new(JsonSerializer.Serialize(live, FlowChatJson.Options))
            {
                EventId =
                    live == Unauthenticated || reconnects
                        ? null
                        : live.Seq.ToString(CultureInfo.InvariantCulture),
                // A browser waits exactly as long as it is told: each of them something else.
                ReconnectionInterval = reconnects
                    ? LiveFarewell.Spread * Random.Shared.NextDouble()
                    : null,
            };
            if (live == Unauthenticated)
            {
                yield break;
            }
        }
    }
}

public sealed record EventPage(IReadOnlyList<LiveEvent> Items, long LastSeq);
