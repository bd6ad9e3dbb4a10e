using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

internal static class MessageEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder routes, FakeEvolution fake) =>
        routes.MapPost(
            "/message/sendText/{name}",
            fake.Route(request => SendTextAsync(fake, request))
        );

    private static async Task<Answer> SendTextAsync(FakeEvolution fake, RecordedRequest request)
    {
        var instance = fake.FindInstance(request.Instance)!;
        if (MissingField(request) is { } field)
            return Answer.Error(
                400,
                new JsonArray(new JsonArray($"instance requires property \"{field}\""))
            );
        if (instance.State is not "open")
            return Answer.ConnectionClosed;
        await fake.HoldAsync(request);
        var sent = new SentMessage(
            instance,
            WhatsAppJid.Of(request.Number!),
            request.Text!,
            OwnIds.Of(fake, request),
            fake.Time.GetUtcNow()
        );
        return await OwnIds.DeliverAsync(fake, sent);
    }

    private static string? MissingField(RecordedRequest request) =>
        string.IsNullOrEmpty(request.Number) ? "number"
        : string.IsNullOrEmpty(request.Text) ? "text"
        : null;

    internal static JsonObject PreparedMessage(SentMessage sent)
    {
        var data = sent.ToEcho().ToData();
        data["key"]!.AsObject().Remove("participant");
        data["status"] = WhatsAppStatus.Pending;
        return data;
    }
}
