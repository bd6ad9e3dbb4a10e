using System.Text.Json;
using FlowChat.Conversations;
using FlowChat.Inbound.Evolution.Kinds;
using FlowChat.Instances;
using FlowChat.Pictures;
using FlowChat.Storage;

namespace FlowChat.Inbound.Evolution;

/// <summary>Takes a webhook's body apart and writes each element through the tenant's writer.</summary>
internal sealed class EvolutionInbox(
    TenantWriter writer,
    EmbeddedMedia media,
    Quarantine quarantine,
    ToldPictures pictures,
    ContactTyping typing,
    TimeProvider clock
)
{
    private static readonly WebhookAnswer Ignored = new(0, 0, 1, 0);

    /// <exception cref="StorageUnavailableException">Not everything is committed: the gateway shall send it again.</exception>
    public async Task<WebhookAnswer> ReceiveAsync(
        WebhookInstance instance,
        string? eventInPath,
        Memory<byte> body,
        CancellationToken cancellationToken
    )
    {
        if (!WebhookJson.TryParse(body, out var document, out var reason))
        {
            return await quarantine.KeepAsync(
                instance,
                eventInPath,
                reason,
                body,
                cancellationToken
            );
        }
        using (document)
        {
            try
            {
                var envelope = EvolutionEnvelope.Read(document.RootElement, eventInPath);
                return
                    envelope.Instance is { } named
                    && instance.InstanceName is { } own
                    && named != own
                    ? throw new InboundFormatException(
                        "The body names another instance than its address."
                    )
                    : await ReceiveAsync(instance, envelope, cancellationToken);
            }
            catch (InboundFormatException error)
            {
                return await quarantine.KeepAsync(
                    instance,
                    eventInPath,
                    error.Message,
                    body,
                    cancellationToken
                );
            }
        }
    }

    /// <summary>A 415 would bring it again until the gateway gives it up; kept, it can still be read by a person.</summary>
    public Task<WebhookAnswer> KeepPackedAsync(
        WebhookInstance instance,
        string? eventInPath,
        string coding,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    ) =>
        quarantine.KeepAsync(
            instance,
            eventInPath,
            Quarantine.PackedAs(coding),
            body,
            cancellationToken
        );

    private async Task<WebhookAnswer> ReceiveAsync(
        WebhookInstance instance,
        EvolutionEnvelope envelope,
        CancellationToken cancellationToken
    )
    {
        // All elements are queued before the first is awaited: they share a commit and keep their order.
        var writes = new List<Task<WebhookAnswer>>();
        foreach (var item in envelope.Items)
        {
            writes.Add(ReceiveItemAsync(instance, envelope, item, cancellationToken));
            if (EvolutionMedia.FindBytes(item) is not null)
            {
                // It is queued once its bytes are in the store.
                await writes[^1];
            }
        }
        var answers = await Task.WhenAll(writes);
        return answers.Aggregate(WebhookAnswer.Nothing, WebhookAnswer.Add);
    }

    private async Task<WebhookAnswer> ReceiveItemAsync(
        WebhookInstance instance,
        EvolutionEnvelope envelope,
        JsonElement item,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (envelope.Event == EvolutionEvent.PresenceUpdate)
            {
                foreach (var news in EvolutionPresence.Read(instance, item))
                {
                    typing.Tell(news);
                }
                return Ignored;
            }
            var change = EvolutionElement.Read(instance, envelope, item, clock.GetStorableNow());
            return
                change is null || (change is ReceivePictureNews told && !pictures.IsNew(told.News))
                ? Ignored
                : Count(await WriteAsync(instance, item, change, cancellationToken));
        }
        catch (Exception error) when (error is not StorageUnavailableException)
        {
            // Alone in its transaction and still refused: kept as it is, so that the rest of the chat goes on.
            return await quarantine.KeepAsync(
                instance,
                envelope.Event,
                error,
                item,
                cancellationToken
            );
        }
    }

    private async Task<Received> WriteAsync(
        WebhookInstance instance,
        JsonElement item,
        TenantChange<Received> change,
        CancellationToken cancellationToken
    )
    {
        if (change is ReceivePictureNews told)
        {
            var received = await writer.WriteAsync(instance.TenantId, change, cancellationToken);
            pictures.Remember(told.News);
            return received;
        }
        // What was sent from here is here already.
        if (
            change is not ReceiveMessage { Message: { Media: not null, IsEcho: false } message }
            || EvolutionMedia.FindBytes(item) is not { } text
        )
        {
            return await writer.WriteAsync(instance.TenantId, change, cancellationToken);
        }
        await using var bytes = new Base64Stream(text);
        return await media.ReceiveAsync(instance.TenantId, message, bytes, cancellationToken);
    }

    private static WebhookAnswer Count(Received received) =>
        received == Received.Duplicate ? new(0, 1, 0, 0) : new(1, 0, 0, 0);
}
