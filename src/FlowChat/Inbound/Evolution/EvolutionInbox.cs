using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using FlowChat.Groups;
using FlowChat.Inbound.Evolution.Kinds;
using FlowChat.Instances;
using FlowChat.Pictures;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Inbound.Evolution;

/// <summary>Takes a webhook's body apart and writes each element through the tenant's writer.</summary>
internal sealed class EvolutionInbox(
    TenantWriter writer,
    EmbeddedMedia media,
    Quarantine quarantine,
    ToldPictures pictures,
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
        // Some senders begin with a byte order mark.
        var text = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        if (!TryParse(text, out var document, out var reason))
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
            // The document reads its texts from these bytes when it is asked for them.
            StorableText.RepairJson(body.Span);
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
            $"The body can't be unpacked: its Content-Encoding is {ShortText.Cut(coding)}; gzip, deflate and br are taken.",
            body,
            cancellationToken
        );

    private static bool TryParse(
        ReadOnlyMemory<byte> body,
        [NotNullWhen(true)] out JsonDocument? document,
        [NotNullWhen(false)] out string? reason
    )
    {
        (document, reason) = (null, null);
        if (!Utf8.IsValid(body.Span))
        {
            reason = "The body is no UTF-8.";
            return false;
        }
        try
        {
            document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException error)
        {
            // The parser's own words quote the body, which may hold a message.
            reason =
                $"The body is no JSON, at line {error.LineNumber + 1}, byte {error.BytePositionInLine}.";
            return false;
        }
    }

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
            return Read(instance, envelope, item) is { } change
                ? Count(await WriteAsync(instance, item, change, cancellationToken))
                : Ignored;
        }
        catch (Exception error) when (error is not StorageUnavailableException)
        {
            // Alone in its transaction and still refused: kept as it is, so that the rest of the chat goes on.
            var reason = error switch
            {
                InboundFormatException => error.Message,
                PostgresException refused => $"It can't be stored: {refused.SqlState}",
                // A gap of ours. A 500 would only bring it again until the gateway gives it up.
                _ => $"It can't be handled: {error.GetType().Name}",
            };
            var bytes = JsonSerializer.SerializeToUtf8Bytes(item);
            return await quarantine.KeepAsync(
                instance,
                envelope.Event,
                reason,
                bytes,
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
            EvolutionEvent.MessagesUpdate => EvolutionReceipt.Read(instance.Id, item) is { } receipt
                ? new ReceiveReceipt(receipt)
                : null,
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

    private static WebhookAnswer Count(Received received) =>
        received == Received.Duplicate ? new(0, 1, 0, 0) : new(1, 0, 0, 0);
}
