using System.Text.Json;
using FlowChat.Groups;
using FlowChat.Inbound.Evolution.Kinds;
using FlowChat.Instances;
using FlowChat.Pictures;
using FlowChat.Storage;

namespace FlowChat.Inbound.Evolution;

/// <summary>What one element of a webhook's body tells: the change that it makes.</summary>
internal static class EvolutionElement
{
    /// <returns>Null = nothing that the inbox shows.</returns>
    /// <exception cref="InboundFormatException">It isn't what its event says.</exception>
    public static TenantChange<Received>? Read(
        WebhookInstance instance,
        EvolutionEnvelope envelope,
        JsonElement item,
        DateTimeOffset now
    ) =>
        envelope.Event switch
        {
            EvolutionEvent.MessagesUpsert => EvolutionMessage.Read(
                instance.Id,
                item,
                isEcho: false,
                now
            ),
            EvolutionEvent.SendMessage => EvolutionMessage.Read(
                instance.Id,
                item,
                isEcho: true,
                now
            ),
            EvolutionEvent.MessagesEdited or EvolutionEvent.SendMessageUpdate => Change(
                EvolutionChanges.ReadProtocol(item, By(instance, item, now))
            ),
            EvolutionEvent.MessagesDelete => Change(
                EvolutionChanges.ReadDelete(item, By(instance, item, now))
            ),
            // A vote first: its status is a made-up one.
            EvolutionEvent.MessagesUpdate => Change(
                EvolutionChanges.ReadVote(
                    item,
                    By(instance, item, now) with
                    {
                        At = envelope.HappenedAt(now),
                    }
                )
            ) ?? Receipt(EvolutionReceipt.Read(instance.Id, item)),
            EvolutionEvent.ContactsUpdate => EvolutionContact.Read(instance.Id, item) is { } news
                ? new ReceivePictureNews(news)
                : null,
            EvolutionEvent.ConnectionUpdate => EvolutionConnection.ReadState(instance.Id, item),
            EvolutionEvent.QrCodeUpdated => EvolutionConnection.ReadQr(
                instance.Id,
                item,
                envelope.ToldAt
            ),
            EvolutionEvent.Call => EvolutionCall.Read(instance.Id, item, now),
            EvolutionEvent.GroupsUpsert
            or EvolutionEvent.GroupUpdate
            or EvolutionEvent.GroupsUpdate => new ReceiveGroup(
                EvolutionGroup.Read(instance.Id, item, envelope.HappenedAt(now))
            ),
            EvolutionEvent.GroupParticipantsUpdate => EvolutionGroup.ReadMembership(
                instance.Id,
                item,
                envelope.At,
                envelope.HappenedAt(now)
            )
                is { } membership
                ? new ReceiveMembership(membership)
                : null,
            _ => null,
        };

    // Whose edit or removal it is makes no difference: only the writer's own phone, or a group's admin, can do it.
    private static InboundChange By(
        WebhookInstance instance,
        JsonElement item,
        DateTimeOffset now
    ) =>
        new()
        {
            InstanceId = instance.Id,
            WaId = "",
            Kind = InboundChangeKind.Revoke,
            At = now,
            FromMe = item.Flag("fromMe") || item.Child("key")?.Flag("fromMe") == true,
        };

    private static ReceiveChange? Change(InboundChange? change) =>
        change is null ? null : new(change);

    private static TenantChange<Received>? Receipt(InboundReceipt? receipt) =>
        receipt is null ? null : new ReceiveReceipt(receipt);
}
