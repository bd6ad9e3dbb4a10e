using System.Text.Json;
using FlowChat.Conversations;
using FlowChat.Groups;
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
            return Read(instance, envelope, item) is { } change
                ? Count(await WriteAsync(instance, item, change, cancellationToken))
                : Ignored;
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

    private TenantChange<Received>? Read(
        WebhookInstance instance,
        EvolutionEnvelope envelope,
        JsonElement item
    ) =>
        envelope.Event switch
        {
            EvolutionEvent.MessagesUpsert => EvolutionMessage.Read(
                instance.Id,
                item,
                isEcho: false,
                clock.GetStorableNow()
            ),
            EvolutionEvent.SendMessage => EvolutionMessage.Read(
                instance.Id,
                item,
                isEcho: true,
                clock.GetStorableNow()
            ),
            EvolutionEvent.MessagesEdited or EvolutionEvent.SendMessageUpdate => Change(
                EvolutionChanges.ReadProtocol(item, By(instance, item))
            ),
            EvolutionEvent.MessagesDelete => Change(
                EvolutionChanges.ReadDelete(item, By(instance, item))
            ),
            // A vote first: its status is a made-up one.
            EvolutionEvent.MessagesUpdate => Change(
                EvolutionChanges.ReadVote(
                    item,
                    By(instance, item) with
                    {
                        At = envelope.HappenedAt(clock.GetStorableNow()),
                    }
                )
            ) ?? Receipt(EvolutionReceipt.Read(instance.Id, item)),
            EvolutionEvent.ContactsUpdate => EvolutionContact.Read(instance.Id, item) is { } news
            && pictures.IsNew(news)
                ? new ReceivePictureNews(news)
                : null,
            EvolutionEvent.ConnectionUpdate => EvolutionConnection.ReadState(instance.Id, item),
            EvolutionEvent.QrCodeUpdated => EvolutionConnection.ReadQr(instance.Id, item),
            EvolutionEvent.Call => EvolutionCall.Read(instance.Id, item, clock.GetStorableNow()),
            EvolutionEvent.GroupsUpsert
            or EvolutionEvent.GroupUpdate
            or EvolutionEvent.GroupsUpdate => new ReceiveGroup(
                EvolutionGroup.Read(instance.Id, item)
            ),
            EvolutionEvent.GroupParticipantsUpdate => EvolutionGroup.ReadMembership(
                instance.Id,
                item,
                envelope.At,
                envelope.HappenedAt(clock.GetStorableNow())
            )
                is { } membership
                ? new ReceiveMembership(membership)
                : null,
            _ => null,
        };

    // Whose edit or removal it is makes no difference: only the writer's own phone, or a group's admin, can do it.
    private InboundChange By(WebhookInstance instance, JsonElement item) =>
        new()
        {
            InstanceId = instance.Id,
            WaId = "",
            Kind = InboundChangeKind.Revoke,
            At = clock.GetStorableNow(),
            FromMe = item.Flag("fromMe") || item.Child("key")?.Flag("fromMe") == true,
        };

    private static ReceiveChange? Change(InboundChange? change) =>
        change is null ? null : new(change);

    private static TenantChange<Received>? Receipt(InboundReceipt? receipt) =>
        receipt is null ? null : new ReceiveReceipt(receipt);

    private static WebhookAnswer Count(Received received) =>
        received == Received.Duplicate ? new(0, 1, 0, 0) : new(1, 0, 0, 0);
}
