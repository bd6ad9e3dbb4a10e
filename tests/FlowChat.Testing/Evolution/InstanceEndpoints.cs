using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace FlowChat.Testing.Evolution;

internal static class InstanceEndpoints
{
    // GROUPS_UPDATE, which its own code looks for, isn't among them.
    private static readonly HashSet<string> WebhookEvents = new(StringComparer.Ordinal)
    {
        "APPLICATION_STARTUP",
        "QRCODE_UPDATED",
        "MESSAGES_SET",
        "MESSAGES_UPSERT",
        "MESSAGES_EDITED",
        "MESSAGES_UPDATE",
        "MESSAGES_DELETE",
        "SEND_MESSAGE",
        "SEND_MESSAGE_UPDATE",
        "CONTACTS_SET",
        "CONTACTS_UPSERT",
        "CONTACTS_UPDATE",
        "PRESENCE_UPDATE",
        "CHATS_SET",
        "CHATS_UPSERT",
        "CHATS_UPDATE",
        "CHATS_DELETE",
        "GROUPS_UPSERT",
        "GROUP_UPDATE",
        "GROUP_PARTICIPANTS_UPDATE",
        "CONNECTION_UPDATE",
        "LABELS_EDIT",
        "LABELS_ASSOCIATION",
        "CALL",
        "TYPEBOT_START",
        "TYPEBOT_CHANGE_STATUS",
        "REMOVE_INSTANCE",
        "LOGOUT_INSTANCE",
        "INSTANCE_CREATE",
        "INSTANCE_DELETE",
        "STATUS_INSTANCE",
    };

    public static void MapInstances(this IEndpointRouteBuilder routes, FakeEvolution fake)
    {
        routes.MapPost("/instance/create", fake.Route(request => CreateAsync(fake, request)));
        routes.MapGet(
            "/instance/connectionState/{name}",
            Of(fake, instance => Task.FromResult(State(instance)))
        );
        routes.MapGet(
            "/instance/connect/{name}",
            fake.Route(request => ConnectAsync(fake.FindInstance(request.Instance)!, request.Query))
        );
        routes.MapDelete("/instance/logout/{name}", Of(fake, LogOutAsync));
        routes.MapDelete(
            "/instance/delete/{name}",
            Of(fake, instance => DeleteAsync(fake, instance))
        );
        routes.MapPost(
            "/webhook/set/{name}",
            fake.Route(request => SetWebhookAsync(fake, request))
        );
    }

    private static RequestDelegate Of(FakeEvolution fake, Func<FakeInstance, Task<Answer>> route) =>
        fake.Route(request => route(fake.FindInstance(request.Instance)!));

    private static Task<Answer> CreateAsync(FakeEvolution fake, RecordedRequest request)
    {
        var name = request.Body?["instanceName"]?.GetValue<string>();
        if (string.IsNullOrEmpty(name))
            return Task.FromResult(
                Answer.Error(
                    400,
                    new JsonArray(new JsonArray("instance requires property \"instanceName\""))
                )
            );
        var instance = fake.AddInstance(
            name,
            state: "connecting",
            token: request.Body?["token"]?.GetValue<string>()
        );
        if (request.Body?["webhook"] is JsonObject webhook)
            instance.Webhook = ReadWebhook(webhook);
        var body = new JsonObject
        {
            ["instance"] = new JsonObject
            {
                ["instanceName"] = name,
                ["instanceId"] = instance.Number.InstanceId.ToString(),
                ["integration"] = "WHATSAPP-BAILEYS",
                ["status"] = instance.State,
            },
            // A string: the published OpenAPI's hash.apikey never came.
            ["hash"] = instance.Token,
        };
        if (request.Body?["qrcode"]?.GetValue<bool>() is true)
        {
            instance.Pairing.Phone = (string?)request.Body["number"];
            body["qrcode"] = instance.Pairing.NextCode();
        }
        return Task.FromResult(new Answer(201, body));
    }

    private static Answer State(FakeInstance instance) =>
        new(
            200,
            new JsonObject
            {
                ["instance"] = new JsonObject
                {
                    ["instanceName"] = instance.Name,
                    ["state"] = instance.State,
                },
            }
        );

    private static Task<Answer> ConnectAsync(FakeInstance instance, string query)
    {
        if (instance.State is "open")
            return Task.FromResult(State(instance));
        // Of a session that has begun it hears no number.
        if (instance.State is not "connecting")
            instance.Pairing.Phone = QueryHelpers.ParseQuery(query).GetValueOrDefault("number");
        instance.State = "connecting";
        return Task.FromResult(new Answer(200, instance.Pairing.NextCode()));
    }

    private static async Task<Answer> LogOutAsync(FakeInstance instance)
    {
        if (instance.State is "close")
            return Answer.Error(
                400,
                new JsonArray($"The \"{instance.Name}\" instance is not connected")
            );
        instance.State = "close";
        await instance.ReportStateAsync(statusReason: 401);
        return Success("Instance logged out");
    }

    private static Task<Answer> DeleteAsync(FakeEvolution fake, FakeInstance instance)
    {
        fake.Remove(instance);
        return Task.FromResult(Success("Instance deleted"));
    }

    private static Task<Answer> SetWebhookAsync(FakeEvolution fake, RecordedRequest request)
    {
        if (request.Body?["webhook"] is not JsonObject webhook)
            return Task.FromResult(
                Answer.Error(
                    400,
                    new JsonArray(new JsonArray("instance requires property \"webhook\""))
                )
            );
        if (UnknownEvent(webhook) is { } unknown)
            return Task.FromResult(unknown);
        fake.FindInstance(request.Instance)!.Webhook = ReadWebhook(webhook);
        var row = webhook.DeepClone().AsObject();
        row["id"] = "cm3q0v6kz0001qk01h2b7d9xf";
        return Task.FromResult(new Answer(201, row));
    }

    // One that it doesn't know, and it takes none.
    private static Answer? UnknownEvent(JsonObject webhook)
    {
        var events = (webhook["events"] as JsonArray ?? []).Select(name => (string?)name).ToList();
        var at = events.FindIndex(name => !WebhookEvents.Contains(name!));
        return at < 0
            ? null
            : Answer.Error(
                400,
                new JsonArray(
                    new JsonArray(
                        $"instance.webhook.events[{at}] is not one of enum values: {string.Join(',', WebhookEvents)}"
                    )
                )
            );
    }

    private static WebhookTarget? ReadWebhook(JsonObject webhook)
    {
        if (
            webhook["enabled"]?.GetValue<bool>() is false
            || webhook["url"]?.GetValue<string>() is not { } url
        )
            return null;
        var headers = webhook["headers"] as JsonObject ?? [];
        return new WebhookTarget(
            new Uri(url),
            headers.ToDictionary(
                header => header.Key,
                header => header.Value!.GetValue<string>(),
                StringComparer.Ordinal
            )
        )
        {
            ByEvents = webhook["byEvents"]?.GetValue<bool>() is true,
            Events =
            [
                .. (webhook["events"] as JsonArray ?? []).Select(name => name!.GetValue<string>()),
            ],
        };
    }

    private static Answer Success(string message) =>
        new(
            200,
            new JsonObject
            {
                ["status"] = "SUCCESS",
                ["error"] = false,
                ["response"] = new JsonObject { ["message"] = message },
            }
        );
}
