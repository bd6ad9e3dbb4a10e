using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>What Evolution tells when it is asked: who is in a group, and the messages that it keeps.</summary>
internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder routes, FakeEvolution fake)
    {
        routes.MapGet("/group/findGroupInfos/{name}", context => FindAsync(fake, context));
        routes.MapPost(
            "/chat/findMessages/{name}",
            fake.Route(request => Task.FromResult(Messages(fake, request)))
        );
    }

    private static Task FindAsync(FakeEvolution fake, HttpContext context)
    {
        var jid = context.Request.Query["groupJid"].ToString();
        return fake.Route(request =>
            Task.FromResult(
                // One answer for a group that isn't there and a number that isn't connected.
                fake.FindInstance(request.Instance)!
                    is { State: "open" } instance
                && instance.Groups.TryGetValue(jid, out var group)
                    ? new Answer(200, Told(fake, jid, group))
                    : Answer.Error(404, new JsonArray("Error fetching group"))
            )
        )(context);
    }

    private static JsonNode Told(FakeEvolution fake, string jid, JsonObject group)
    {
        var told = group.DeepClone();
        told["pictureUrl"] = fake.Pictures.UrlOf(jid)?.ToString();
        return told;
    }

    // Newest first, a page at a time; this release doesn't look at the range.
    private static Answer Messages(FakeEvolution fake, RecordedRequest request)
    {
        var page = request.Body?["page"]?.GetValue<int>() ?? 1;
        var size = request.Body?["offset"]?.GetValue<int>() ?? 50;
        var instance = fake.FindInstance(request.Instance)!;
        var kept = instance.Kept.All;
        var records = kept.OrderByDescending(message => message.SentAt)
            .Skip((page - 1) * size)
            .Take(size)
            .Select(message => (JsonNode)Record(instance, message));
        return new(
            200,
            new JsonObject
            {
                ["messages"] = new JsonObject
                {
                    ["total"] = kept.Count,
                    ["pages"] = (kept.Count + size - 1) / size,
                    ["currentPage"] = page,
                    ["records"] = new JsonArray([.. records]),
                },
            }
        );
    }

    // A row has no status; those that webhooks told stand in another table.
    private static JsonObject Record(FakeInstance instance, TextMessage message)
    {
        var record = message.ToData();
        record.Remove("status");
        record["MessageUpdate"] = new JsonArray([
            .. instance
                .Statuses.GetValueOrDefault(message.Id, [])
                .Select(status => (JsonNode)new JsonObject { ["status"] = status }),
        ]);
        return record;
    }
}
