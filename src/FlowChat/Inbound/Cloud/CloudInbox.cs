using System.Text.Json;
using FlowChat.Gateways.Cloud;
using FlowChat.Instances;
using FlowChat.Storage;

namespace FlowChat.Inbound.Cloud;

/// <summary>Takes a webhook's body apart, every level of it, and writes each element through the tenant's writer.</summary>
internal sealed class CloudInbox(
    TenantWriter writer,
    Quarantine quarantine,
    CloudApps apps,
    InstanceMonitor monitor,
    TimeProvider clock
)
{
    private const string Messages = "messages",
        Statuses = "statuses",
        Echoes = "smb_message_echoes";

    private static readonly WebhookAnswer Ignored = new(0, 0, 1, 0);

    /// <param name="instance">The one that the address names.</param>
    /// <param name="app">Whose secret signed it.</param>
    /// <param name="body">What it says.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="StorageUnavailableException">Not everything is committed: Meta shall send it again.</exception>
    public async Task<WebhookAnswer> ReceiveAsync(
        WebhookInstance instance,
        CloudApp app,
        Memory<byte> body,
        CancellationToken cancellationToken
    )
    {
        if (!WebhookJson.TryParse(body, out var document, out var reason))
        {
            return await quarantine.KeepAsync(instance, null, reason, body, cancellationToken);
        }
        using (document)
        {
            var root = document.RootElement;
            if (root.Text("object") != "whatsapp_business_account")
            {
                return await quarantine.KeepAsync(
                    instance,
                    root.Text("object"),
                    "The body isn't of a WhatsApp Business account.",
                    body,
                    cancellationToken
                );
            }
            var changes = root.List("entry").SelectMany(entry => entry.List("changes")).ToList();
            if (changes.Exists(change => IdOf(change) is { } id && !app.Numbers.ContainsKey(id)))
            {
                // It may have been added a moment ago.
                app = await apps.FindAsync(instance, fresh: true, cancellationToken) ?? app;
            }
            // All elements are queued before the first is awaited: they share a commit and keep their order.
            var writes = changes
                .SelectMany(change => Receive(instance, app, change, cancellationToken))
                .ToList();
            var answers = await Task.WhenAll(writes);
            return answers.Aggregate(WebhookAnswer.Nothing, WebhookAnswer.Add);
        }
    }

    /// <summary>A 415 would bring it again for a week; kept, it can still be read by a person.</summary>
    public Task<WebhookAnswer> KeepPackedAsync(
        WebhookInstance instance,
        string coding,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    ) => quarantine.KeepAsync(instance, null, Quarantine.PackedAs(coding), body, cancellationToken);

    private IEnumerable<Task<WebhookAnswer>> Receive(
        WebhookInstance addressed,
        CloudApp app,
        JsonElement change,
        CancellationToken cancellationToken
    )
    {
        var field = change.Text("field") ?? Messages;
        if (field is not (Messages or Echoes))
        {
            // What becomes of templates, of the account, of its quality: nothing that an inbox shows.
            return [Task.FromResult(Ignored)];
        }
        var value = change.Child("value") ?? default;
        if (IdOf(change) is not { } id || !app.Numbers.TryGetValue(id, out var number))
        {
            return
            [
                quarantine.KeepAsync(
                    addressed,
                    field,
                    new InboundFormatException(
                        "The webhook is for a phone_number_id that isn't here: add the number, or take it out of the app."
                    ),
                    change,
                    cancellationToken
                ),
            ];
        }
        if (number.IsDeleted)
        {
            return [Task.FromResult(Ignored)];
        }
        monitor.HeardFrom(number);
        return ItemsOf(value)
            .Select(item => ReceiveItemAsync(number, value, item, cancellationToken));
    }

    private static string? IdOf(JsonElement change) =>
        change.Child("value")?.Child("metadata")?.Text("phone_number_id");

    private static IEnumerable<(string Kind, JsonElement Json)> ItemsOf(JsonElement value) =>
        [
            .. value.List(Messages).Select(item => (Messages, item)),
            .. value.List("message_echoes").Select(item => (Echoes, item)),
            .. value.List(Statuses).Select(item => (Statuses, item)),
            .. value.List("errors").Select(item => ("errors", item)),
        ];

    private async Task<WebhookAnswer> ReceiveItemAsync(
        WebhookInstance number,
        JsonElement value,
        (string Kind, JsonElement Json) item,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return Read(number, value, item) is { } change
                ? Count(await writer.WriteAsync(number.TenantId, change, cancellationToken))
                : Ignored;
        }
        catch (Exception error) when (error is not StorageUnavailableException)
        {
            return await quarantine.KeepAsync(
                number,
                item.Kind,
                error,
                item.Json,
                cancellationToken
            );
        }
    }

    private TenantChange<Received>? Read(
        WebhookInstance number,
        JsonElement value,
        (string Kind, JsonElement Json) item
    ) =>
        item.Kind switch
        {
            Messages => CloudMessage.Read(
                number.Id,
                value,
                item.Json,
                fromMe: false,
                clock.GetStorableNow()
            ),
            Echoes => CloudMessage.Read(
                number.Id,
                value,
                item.Json,
                fromMe: true,
                clock.GetStorableNow()
            ),
            Statuses => CloudReceipt.Read(number.Id, item.Json) is { } receipt
                ? new ReceiveReceipt(receipt)
                : null,
            // Of no message: the account's.
            _ => throw new InboundFormatException(
                $"Meta reports an error: {GraphError.Read(item.Json)?.Text}"
            ),
        };

    private static WebhookAnswer Count(Received received) =>
        received == Received.Duplicate ? new(0, 1, 0, 0) : new(1, 0, 0, 0);
}
