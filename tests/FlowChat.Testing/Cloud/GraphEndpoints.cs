using System.Text.Json.Nodes;
using FlowChat.Testing.Cloud.Payloads;
using FlowChat.Testing.Evolution;

namespace FlowChat.Testing.Cloud;

/// <summary>The routes: messages, files, templates, the number itself.</summary>
internal static class GraphEndpoints
{
    private const int PageSize = 2;

    // Each has to be in the body under its own name.
    private static readonly HashSet<string> Kinds = new(StringComparer.Ordinal)
    {
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
        "template",
        "interactive",
    };

    public static void MapGraph(this IEndpointRouteBuilder routes, FakeCloud fake)
    {
        const string Root = $"/{FakeCloud.Version}";
        routes.MapPost(
            $"{Root}/{{number}}/messages",
            fake.Route(request => MessagesAsync(fake, request))
        );
        routes.MapPost(
            $"{Root}/{{number}}/media",
            fake.Route(request => Task.FromResult(Upload(fake, request)))
        );
        routes.MapGet(
            $"{Root}/{{account}}/message_templates",
            fake.Route(request => Task.FromResult(Templates(fake, request)))
        );
        routes.MapGet(
            $"{Root}/{{node}}",
            fake.Route(request => Task.FromResult(Node(fake, request)))
        );
        routes.MapGet(
            "/files/{id}",
            fake.Route(request => Task.FromResult(Download(fake, request)))
        );
        routes.MapFallback(
            fake.Route(request =>
                Task.FromResult(
                    GraphAnswer.Error(400, 2500, $"Unknown path components: {request.Path}", "")
                )
            )
        );
    }

    private static async Task<Answer> MessagesAsync(FakeCloud fake, RecordedRequest request)
    {
        if (fake.FindNumber(Part(request, 1)) is not { } number)
            return Missing(Part(request, 1));
        if (request.Body is not { } body || Text(body, "messaging_product") != "whatsapp")
            return Wrong("The parameter messaging_product is required.");
        if (Text(body, "status") == "read")
            return Text(body, "message_id") is null
                ? Wrong("The parameter message_id is required.")
                : GraphAnswer.Success;
        if (Fault(fake, body) is { } fault)
            return Wrong(fault);
        // A phone goes before the other where both are given.
        var to = Text(body, "to") ?? Text(body, "recipient")!;
        var sent = new CloudSent(number, to, FakeCloud.NewId(), body, fake.Time.GetUtcNow());
        fake.Sent.Add(sent);
        foreach (var status in fake.Receipts)
            await fake.Webhooks.PostAsync(
                number.Status(CloudStatus.Of(sent.Id, status, sent.At, sent.To, sent.CallbackData))
            );
        return new(
            200,
            new JsonObject
            {
                ["messaging_product"] = "whatsapp",
                ["contacts"] = new JsonArray(new JsonObject { ["input"] = to, ["wa_id"] = to }),
                ["messages"] = new JsonArray(new JsonObject { ["id"] = sent.Id }),
            }
        );
    }

    private static string? Fault(FakeCloud fake, JsonObject body)
    {
        var type = Text(body, "type") ?? "";
        var content = body[type];
        return Text(body, "to") is null && Text(body, "recipient") is null
                ? "The parameter to is required."
            : !Kinds.Contains(type) ? $"Param type must be one of {string.Join(", ", Kinds)}"
            : content is null ? $"The parameter {type} is required."
            : type == "text"
            && content["body"]?.GetValue<string>() is not { Length: > 0 and <= 4_096 }
                ? "Param text['body'] must be a string of 1 to 4096 characters"
            : type is "image" or "video" or "audio" or "document" or "sticker"
            && (content["id"]?.GetValue<string>() is not { } id || !fake.Files.ContainsKey(id))
                ? $"Param {type}['id'] is not a valid whatsapp business account media attachment ID"
            : null;
    }

    private static Answer Upload(FakeCloud fake, RecordedRequest request)
    {
        if (fake.FindNumber(Part(request, 1)) is null)
            return Missing(Part(request, 1));
        if (request.File is not { Kind: "whatsapp", MimeType: { } type } file)
            return Wrong("Param file must be a file with a type.");
        // As Meta refuses what a browser records.
        if (type.StartsWith("audio/webm", StringComparison.Ordinal))
            return Wrong(
                "Param file must be a file with one of the following types: audio/aac, audio/mp4, audio/mpeg, audio/amr, audio/ogg."
            );
        var id = $"{1_000_000_000_000_000 + fake.Files.Count}";
        fake.Files[id] = new(type, [], file);
        return new(200, new JsonObject { ["id"] = id });
    }

    private static Answer Node(FakeCloud fake, RecordedRequest request)
    {
        var id = Part(request, 1);
        if (fake.FindNumber(id) is { } number)
            return new(
                200,
                new JsonObject
                {
                    ["id"] = id,
                    ["display_phone_number"] = number.DisplayPhone,
                    ["status"] = "CONNECTED",
                    ["health_status"] = fake.Health.DeepClone(),
                }
            );
        if (!fake.Files.TryGetValue(id, out var file))
            return Missing(id);
        var url =
            fake.FileUrl?.Invoke(id)
            ?? new Uri($"http://127.0.0.1:{fake.Port}/files/{id}?ext=1&hash=ATs");
        return new(
            200,
            new JsonObject
            {
                ["messaging_product"] = "whatsapp",
                ["url"] = url.ToString(),
                ["mime_type"] = file.MimeType,
                ["file_size"] = file.Bytes.Length,
                ["id"] = id,
            }
        );
    }

    private static Answer Download(FakeCloud fake, RecordedRequest request) =>
        fake.Files.TryGetValue(Part(request, 1), out var file)
            ? new(200, new JsonObject())
            {
                Write = (stream, ct) => stream.WriteAsync(file.Bytes, ct).AsTask(),
            }
            : new(404, new JsonObject());

    private static Answer Templates(FakeCloud fake, RecordedRequest request)
    {
        if (Part(request, 1) != fake.AccountId)
            return Missing(Part(request, 1));
        var after = System.Web.HttpUtility.ParseQueryString(request.Query)["after"];
        var from = after is null
            ? 0
            : int.Parse(after, System.Globalization.CultureInfo.InvariantCulture);
        var page = fake.Templates.Skip(from).Take(PageSize).Select(t => t!.DeepClone()).ToArray();
        var end = from + page.Length;
        var paging = new JsonObject
        {
            ["cursors"] = new JsonObject { ["before"] = $"{from}", ["after"] = $"{end}" },
        };
        if (end < fake.Templates.Count)
            paging["next"] = $"{fake.BaseUrl}/{fake.AccountId}/message_templates?after={end}";
        return new(200, new JsonObject { ["data"] = new JsonArray(page), ["paging"] = paging });
    }

    private static Answer Missing(string id) =>
        GraphAnswer.Error(
            400,
            100,
            $"Unsupported request. Object with ID '{id}' does not exist, or cannot be loaded due to missing permissions",
            ""
        );

    private static Answer Wrong(string details) =>
        GraphAnswer.Error(400, 100, "Invalid parameter", details);

    private static string? Text(JsonObject body, string name) => body[name]?.GetValue<string>();

    private static string Part(RecordedRequest request, int index) =>
        request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)[index];
}
