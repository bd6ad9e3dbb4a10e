using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution;

internal static class ChatEndpoints
{
    public static void MapChats(this IEndpointRouteBuilder routes, FakeEvolution fake) =>
        routes.MapPost(
            "/chat/markMessageAsRead/{name}",
            fake.Route(request => Task.FromResult(MarkAsRead(fake, request)))
        );

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
                message!["remoteJid"]!.GetValue<string>().EndsWith("@lid", StringComparison.Ordinal)
                is false
            )
                fake.Read.Add(message["id"]!.GetValue<string>());
        return new Answer(
            201,
            new JsonObject { ["message"] = "Read messages", ["read"] = "success" }
        );
    }
}
