using System.Globalization;
using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;

namespace FlowChat.Testing.Evolution;

/// <summary>What is done to messages: reactions, edits, removals. The answer is the message that tells the phones so.</summary>
internal static class ChangeEndpoints
{
    public static void MapChanges(this IEndpointRouteBuilder routes, FakeEvolution fake)
    {
        Map(HttpMethods.Post, "/message/sendReaction", 201, React, "key", "reaction");
        Map(HttpMethods.Post, "/chat/updateMessage", 200, Edit, "number", "key", "text");
        Map(
            HttpMethods.Delete,
            "/chat/deleteMessageForEveryone",
            201,
            Delete,
            "id",
            "fromMe",
            "remoteJid"
        );

        void Map(
            string method,
            string path,
            int status,
            Func<RecordedRequest, DateTimeOffset, SentChange> read,
            params string[] required
        ) =>
            routes.MapMethods(
                $"{path}/{{name}}",
                [method],
                fake.Route(request => ChangeAsync(fake, request, status, read, required))
            );
    }

    private static async Task<Answer> ChangeAsync(
        FakeEvolution fake,
        RecordedRequest request,
        int status,
        Func<RecordedRequest, DateTimeOffset, SentChange> read,
        string[] required
    )
    {
        if (KindEndpoints.Refusal(fake, request, required) is { } refusal)
            return refusal;
        var instance = fake.FindInstance(request.Instance)!;
        var change = read(request, fake.Time.GetUtcNow() + fake.Echo.ClockAhead) with
        {
            Instance = instance,
        };
        fake.Changed.Add(change);
        await fake.EchoAsync(change);
        return new Answer(status, change.ToMessage());
    }

    private static SentChange React(RecordedRequest request, DateTimeOffset at) =>
        new("reaction", Key(request.Body!["key"]!), Text(request, "reaction"), at);

    private static SentChange Edit(RecordedRequest request, DateTimeOffset at) =>
        new("edit", Key(request.Body!["key"]!), Text(request, "text"), at);

    private static SentChange Delete(RecordedRequest request, DateTimeOffset at) =>
        new("delete", Key(request.Body!), "", at);

    private static string Text(RecordedRequest request, string field) =>
        request.Body![field]!.GetValue<string>();

    private static JsonObject Key(JsonNode of) =>
        new()
        {
            ["remoteJid"] = of["remoteJid"]!.DeepClone(),
            ["fromMe"] = of["fromMe"]!.DeepClone(),
            ["id"] = of["id"]!.DeepClone(),
        };
}

/// <summary>A change that reached WhatsApp.</summary>
/// <param name="Kind">reaction, edit or delete.</param>
/// <param name="Target">The key of the message that it changes.</param>
/// <param name="Text">The emoji, or the new text.</param>
/// <param name="At">By the gateway's clock.</param>
public sealed record SentChange(string Kind, JsonObject Target, string Text, DateTimeOffset At)
{
    public FakeInstance Instance { get; init; } = null!;

    public string Id { get; } = WhatsAppId.New();

    public string TargetId => Target["id"]!.GetValue<string>();

    /// <summary>The message that carries it.</summary>
    internal JsonObject ToMessage() =>
        new()
        {
            ["key"] = new JsonObject
            {
                ["remoteJid"] = Target["remoteJid"]!.DeepClone(),
                ["fromMe"] = true,
                ["id"] = Id,
            },
            ["message"] = Kind switch
            {
                "reaction" => MessageKinds.Reaction(Target, Text, At),
                "edit" => new JsonObject
                {
                    ["editedMessage"] = new JsonObject
                    {
                        ["message"] = new JsonObject { ["protocolMessage"] = Protocol() },
                    },
                },
                _ => new JsonObject { ["protocolMessage"] = Protocol() },
            },
            ["messageTimestamp"] = At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["status"] = WhatsAppStatus.Pending,
        };

    /// <summary>How the gateway tells its own changes: of each kind by another event.</summary>
    internal JsonObject ToEcho() =>
        Kind switch
        {
            "reaction" => (
                new TextMessage(Instance.Number, Instance.Number.Owner, "")
                {
                    Event = "send.message",
                    FromMe = true,
                    Id = Id,
                    RemoteJid = Target["remoteJid"]!.GetValue<string>(),
                    SentAt = At,
                    Message = MessageKinds.Reaction(Target, Text, At),
                }
            ).ToEnvelope(),
            "edit" => Instance.Number.Envelope("send.message.update", Protocol(), At),
            _ => Instance.Number.Deleted(Target, DeleteForm.Api, At),
        };

    private JsonObject Protocol() =>
        Kind == "edit"
            ? MessageKinds.Edit(Target, Text, At, byNumber: false)
            : MessageKinds.Revoke(Target, byNumber: false);
}
