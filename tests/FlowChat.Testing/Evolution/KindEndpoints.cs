using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>Sends of what is neither a text nor a file, and what is done to messages.</summary>
internal static class KindEndpoints
{
    public static void MapKinds(this IEndpointRouteBuilder routes, FakeEvolution fake)
    {
        Send(
            "sendLocation",
            MessageKinds.SentLocation,
            "number",
            "latitude",
            "longitude",
            "name",
            "address"
        );
        Send("sendContact", MessageKinds.SentContacts, "number", "contact");
        Send("sendPoll", MessageKinds.SentPoll, "number", "name", "selectableCount", "values");
        Change(HttpMethods.Post, "/message/sendReaction", 201, "key", "reaction");
        Change(HttpMethods.Post, "/chat/updateMessage", 200, "number", "key", "text");
        Change(
            HttpMethods.Delete,
            "/chat/deleteMessageForEveryone",
            201,
            "id",
            "fromMe",
            "remoteJid"
        );
        Change(HttpMethods.Post, "/chat/sendPresence", 201, "number", "presence", "delay");

        void Send(
            string operation,
            Func<JsonObject, JsonObject> content,
            params string[] required
        ) =>
            routes.MapPost(
                $"/message/{operation}/{{name}}",
                fake.Route(request => SendAsync(fake, request, content, required))
            );

        void Change(string method, string path, int status, params string[] required) =>
            routes.MapMethods(
                $"{path}/{{name}}",
                [method],
                fake.Route(request =>
                    Task.FromResult(
                        Refusal(fake, request, required)
                            ?? new Answer(status, new JsonObject { ["status"] = "PENDING" })
                    )
                )
            );
    }

    private static async Task<Answer> SendAsync(
        FakeEvolution fake,
        RecordedRequest request,
        Func<JsonObject, JsonObject> content,
        string[] required
    )
    {
        if (Refusal(fake, request, required) is { } refusal)
            return refusal;
        var sent = new SentMessage(
            fake.FindInstance(request.Instance)!,
            WhatsAppJid.Of(request.Number!),
            request.Body!["name"]?.GetValue<string>() ?? "",
            WhatsAppId.New(),
            fake.Time.GetUtcNow()
        )
        {
            Content = content(request.Body!),
        };
        fake.Sent.Add(sent);
        await fake.EchoAsync(sent);
        return new Answer(201, MessageEndpoints.PreparedMessage(sent));
    }

    // A field that is missing and one that is null are refused alike; an empty text is one.
    private static Answer? Refusal(FakeEvolution fake, RecordedRequest request, string[] required)
    {
        var missing = required.FirstOrDefault(field => request.Body?[field] is null);
        return missing is not null
                ? Answer.Error(
                    400,
                    new JsonArray(new JsonArray($"instance requires property \"{missing}\""))
                )
            : fake.FindInstance(request.Instance)!.State is not "open" ? Answer.ConnectionClosed
            : null;
    }
}
