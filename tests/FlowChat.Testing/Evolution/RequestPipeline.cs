using System.Security.Cryptography;
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
        Route(
            fake.Requests,
            fake.Script,
            fake.Time,
            request => Refusal(fake, request),
            route,
            fake.Stopping
        );

    /// <param name="requests">Gets every request.</param>
    /// <param name="script">What goes wrong.</param>
    /// <param name="time">Dates them.</param>
    /// <param name="refusal">Who isn't let in; null = everyone.</param>
    /// <param name="route">The effect, and its answer.</param>
    /// <param name="stopping">The end of the fake.</param>
    public static RequestDelegate Route(
        SignalledLog<RecordedRequest> requests,
        ReplyScript script,
        TimeProvider time,
        Func<RecordedRequest, Answer?> refusal,
        Func<RecordedRequest, Task<Answer>> route,
        CancellationToken stopping
    ) =>
        async context =>
        {
            var request = await ReadAsync(context.Request, time.GetUtcNow());
            requests.Add(request);
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted,
                stopping
            );
            try
            {
                var answer =
                    refusal(request)
                    ?? await AnswerAsync(script.Take(request), request, route, time, ends.Token);
                if (answer is not null)
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
        Reply reply,
        RecordedRequest request,
        Func<RecordedRequest, Task<Answer>> route,
        TimeProvider time,
        CancellationToken ct
    )
    {
        if (reply.Ending == ReplyEnding.Hang)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, ct);
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
        return opens || opensThis ? FieldTypes.Refusal(request) : Answer.Unauthorized;
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
            request.HasJsonContentType() ? await ReadBodyAsync(request)
                : IsForm(request) ? await ReadFieldsAsync(request)
                : null
        )
        {
            Query = request.QueryString.Value ?? "",
            File = request.HasFormContentType ? await ReadFileAsync(request) : null,
        };

    // Evolution takes a file's other fields as it takes a body's; Meta's are read with the file.
    private static bool IsForm(HttpRequest request) =>
        request.HasFormContentType
        && request.Path.StartsWithSegments("/message", StringComparison.Ordinal);

    private static async Task<JsonObject> ReadFieldsAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        return new(
            form.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)field.Value.ToString()))
        );
    }

    private static async Task<SentFile?> ReadFileAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (form.Files is not [{ } file])
            return null;
        await using var bytes = file.OpenReadStream();
        return new(
            form["messaging_product"].ToString(),
            file.Length,
            Convert.ToHexStringLower(await SHA256.HashDataAsync(bytes))
        )
        {
            Name = file.FileName,
            MimeType = form.ContainsKey("type") ? form["type"].ToString() : file.ContentType,
        };
    }

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
