using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>What a gateway from 2.4 on makes of the ids that its callers give, and which release it is.</summary>
internal static class OwnIds
{
    // Voice notes go through sendWhatsAppAudio, which knows no such field; nor do places and cards.
    private static readonly HashSet<string> Operations = new(StringComparer.Ordinal)
    {
        "sendText",
        "sendMedia",
        "sendPtv",
        "sendSticker",
        "sendPoll",
    };

    /// <summary>Needs no key, and isn't recorded.</summary>
    public static void MapVersion(this IEndpointRouteBuilder routes, FakeEvolution fake) =>
        routes.MapGet(
            "/",
            context =>
                context.Response.WriteAsync(
                    new JsonObject
                    {
                        ["status"] = 200,
                        ["message"] = "Welcome to the Evolution API, it is working!",
                        ["version"] = fake.Version,
                        ["clientName"] = "evolution",
                    }.ToJsonString()
                )
        );

    public static string Of(FakeEvolution fake, RecordedRequest request) =>
        TakesIds(fake, request) && request.Body?["messageId"]?.GetValue<string>() is { } given
            ? given
            : WhatsAppId.New();

    /// <summary>WhatsApp drops a message of an id that it has; the gateway tells it once more all the same.</summary>
    public static async Task<Answer> DeliverAsync(FakeEvolution fake, SentMessage sent)
    {
        if (fake.Delivered.TryAdd((sent.Instance.Name, sent.Id), true))
            fake.Sent.Add(sent);
        await fake.EchoAsync(sent);
        return new Answer(201, MessageEndpoints.PreparedMessage(sent));
    }

    /// <summary>From 2.4 on.</summary>
    public static bool IsNew(FakeEvolution fake) =>
        System.Version.TryParse(fake.Version?.Split('-')[0], out var version)
        && version >= new Version(2, 4);

    private static bool TakesIds(FakeEvolution fake, RecordedRequest request) =>
        IsNew(fake) && Operations.Contains(request.Path.Split('/')[2]);
}
