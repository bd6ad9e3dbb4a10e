using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution;

/// <summary>The way of every request: recorded, guarded in Evolution's order, then what the script says.</summary>
internal static class RequestPipeline
{
    public static RequestDelegate Route(
        this FakeEvolution fake,
        Func<RecordedRequest, Task<Answer>> route
    ) =>
        async context =>
        {
            var request = await ReadAsync(context.Request, fake.Time.GetUtcNow());
            fake.Requests.Add(request);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted,
                fake.Stopping
            );
            try
            {
                if (await AnswerAsync(fake, request, route, ends.Token) is { } answer)
                    await WriteAsync(context.Response, answer, ends.Token);
                else
                    context.Abort();
            }
            catch (OperationCanceledException) when (ends.IsCancellationRequested)
            {
                context.Abort();
            }
        };

    /// <summary>Null: the connection drops.</summary>
    private static async Task<Answer?> AnswerAsync(
        FakeEvolution fake,
        RecordedRequest request,
        Func<RecordedRequest, Task<Answer>> route,
        CancellationToken ct
    )
    {
        if (Refusal(fake, request) is { } refusal)
            return refusal;
        var reply = fake.Script.Take(request);
        if (reply.Ending == ReplyEnding.Hang)
            await Task.Delay(Timeout.InfiniteTimeSpan, fake.Time, ct);
        if (reply.BeforeEffect is { } beforeEffect)
            await beforeEffect(ct);
        var own = reply.TakesEffect ? await route(request) : null;
        if (reply.BeforeAnswer is { } beforeAnswer)
            await beforeAnswer(ct);
        return reply.Ending == ReplyEnding.Drop ? null : reply.Answer ?? own;
    }

    private static Answer? Refusal(FakeEvolution fake, RecordedRequest request)
    {
        var creates = request.Path is "/instance/create";
        var name = creates
            ? request.Body?["instanceName"]?.GetValue<string>() ?? ""
            : request.Instance;
        var instance = fake.FindInstance(name);
        if (!creates && instance is null)
            return Answer.InstanceMissing(name);
        if (creates && instance is not null)
            return Answer.Error(403, new JsonArray($"This name \"{name}\" is already in use."));
        var key = request.Headers.GetValueOrDefault("apikey");
        var opens = string.Equals(key, fake.ApiKey, StringComparison.Ordinal);
        var opensThis =
            instance is not null && string.Equals(key, instance.Token, StringComparison.Ordinal);
        return opens || opensThis ? null : Answer.Unauthorized;
    }

    private static async Task<RecordedRequest> ReadAsync(HttpRequest request, DateTimeOffset at) =>
        new(
            at,
            request.Method,
            request.Path.Value ?? "/",
            request.Headers.ToDictionary(
                header => header.Key,
                header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase
            ),
            request.HasJsonContentType() ? await ReadBodyAsync(request) : null
        );

    private static async Task<JsonObject?> ReadBodyAsync(HttpRequest request)
    {
        try
        {
            return await JsonNode.ParseAsync(request.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task WriteAsync(HttpResponse response, Answer answer, CancellationToken ct)
    {
        response.StatusCode = answer.Status;
        response.ContentType = "application/json; charset=utf-8";
        if (answer.Write is { } write)
            await write(response.Body, ct);
        else
            await response.Body.WriteAsync(answer.Bytes, ct);
    }
}
