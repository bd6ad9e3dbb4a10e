using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution;

internal static class ChatEndpoints
{
    public static void MapChats(this IEndpointRouteBuilder routes, FakeEvolution fake)
    {
        routes.MapPost(
            "/chat/markMessageAsRead/{name}",
            fake.Route(request => Task.FromResult(MarkAsRead(fake, request)))
        );
        routes.MapPost(
            "/chat/markChatUnread/{name}",
            fake.Route(request => Task.FromResult(MarkUnread(fake, request)))
        );
        routes.MapPost(
            "/chat/archiveChat/{name}",
            fake.Route(request => Task.FromResult(Archive(fake, request)))
        );
        routes.MapPost(
            "/chat/sendPresence/{name}",
            fake.Route(request => ShowPresenceAsync(fake, request))
        );
    }

    private static Answer MarkUnread(FakeEvolution fake, RecordedRequest request) =>
        KindEndpoints.Refusal(fake, request, ["lastMessage"])
        ?? new(201, new JsonObject { ["chatId"] = Chat(request), ["markedChatUnread"] = true });

    // It is archived, says the answer, also when it is taken out.
    private static Answer Archive(FakeEvolution fake, RecordedRequest request) =>
        KindEndpoints.Refusal(fake, request, ["archive"])
        ?? new(201, new JsonObject { ["chatId"] = Chat(request), ["archived"] = true });

    private static string? Chat(RecordedRequest request) =>
        (string?)request.Body!["chat"]
        ?? (string?)request.Body["lastMessage"]?["key"]?["remoteJid"];

    private static async Task<Answer> ShowPresenceAsync(FakeEvolution fake, RecordedRequest request)
    {
        if (KindEndpoints.Refusal(fake, request, ["number", "presence", "delay"]) is { } refusal)
            return refusal;
        await fake.HoldAsync(request);
        return new(201, new JsonObject { ["presence"] = request.Body!["presence"]!.DeepClone() });
    }

    private static Answer MarkAsRead(FakeEvolution fake, RecordedRequest request)
    {
        if (request.Body?["readMessages"] is not JsonArray messages)
            return Answer.Error(
                400,
                new JsonArray(new JsonArray("instance requires property \"readMessages\""))
            );
        if (fake.FindInstance(request.Instance)!.State is not "open")
            return Answer.ConnectionClosed;
        foreach (var message in messages)
            // 2.3 leaves LIDs out, and says nothing of it.
            if (
                OwnIds.IsNew(fake)
                || !message!["remoteJid"]!
                    .GetValue<string>()
                    .EndsWith("@lid", StringComparison.Ordinal)
            )
                fake.Read.Add(message!["id"]!.GetValue<string>());
        return new Answer(
            201,
            new JsonObject { ["message"] = "Read messages", ["read"] = "success" }
        );
    }
}
