using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>Sends of what is neither a text nor a file.</summary>
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
        Send("sendButtons", InteractiveKinds.SentButtons, "number", "title", "buttons");
        Send(
            "sendList",
            InteractiveKinds.SentList,
            "number",
            "title",
            "footerText",
            "buttonText",
            "sections"
        );

        void Send(
            string operation,
            Func<JsonObject, JsonObject> content,
            params string[] required
        ) =>
            routes.MapPost(
                $"/message/{operation}/{{name}}",
                fake.Route(request => SendAsync(fake, request, content, required))
            );
    }

    private static async Task<Answer> SendAsync(
        FakeEvolution fake,
        RecordedRequest request,
        Func<JsonObject, JsonObject> content,
        string[] required
    )
    {
        if ((Refusal(fake, request, required) ?? ButtonRefusal(request)) is { } refusal)
            return refusal;
        await fake.HoldAsync(request);
        var sent = new SentMessage(
            fake.FindInstance(request.Instance)!,
            WhatsAppJid.Of(request.Number!),
            request.Body!["name"]?.GetValue<string>() ?? "",
            OwnIds.Of(fake, request),
            fake.Time.GetUtcNow()
        )
        {
            Content = content(request.Body!),
        };
        return await OwnIds.DeliverAsync(fake, sent);
    }

    private static Answer? ButtonRefusal(RecordedRequest request)
    {
        var types = (request.Body?["buttons"] as JsonArray ?? [])
            .Select(button => (string?)button!["type"])
            .ToList();
        return types.Count(type => type == "reply") > 3
                ? Answer.Error(400, new JsonArray("Maximum of 3 reply buttons allowed"))
            : types.Count(type => type == "pix") > 1
                ? Answer.Error(400, new JsonArray("Only one PIX button is allowed"))
            : null;
    }

    // A field that is missing and one that is null are refused alike; an empty text is one.
    internal static Answer? Refusal(FakeEvolution fake, RecordedRequest request, string[] required)
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
