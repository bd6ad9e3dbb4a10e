using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Gateways;
using FlowChat.Gateways.Cloud;
using FlowChat.Messages;
using FlowChat.Messages.Content;
using FlowChat.Storage;

namespace FlowChat.Inbound.Cloud;

/// <summary>Reads one of a webhook's messages, or of what was typed in the WhatsApp Business app of the same number.</summary>
internal static class CloudMessage
{
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    /// <summary>Null = nothing that an inbox shows.</summary>
    /// <exception cref="InboundFormatException">Without this field the message can't be kept in its place.</exception>
    public static TenantChange<Received>? Read(
        Guid instanceId,
        JsonElement value,
        JsonElement item,
        bool fromMe,
        DateTimeOffset now
    )
    {
        var waId = item.Text("id") ?? throw new InboundFormatException("The message has no id.");
        var person = CloudPerson.Read(value, item, fromMe ? "to" : "from");
        var at = Time(item, now);
        var change = new InboundChange
        {
            InstanceId = instanceId,
            WaId = "",
            Kind = default,
            At = at,
            FromMe = fromMe,
            By = fromMe ? [] : person.Addresses,
            ByName = fromMe ? null : person.Name,
        };
        switch (item.Text("type"))
        {
            // Somebody opened an empty chat.
            case "request_welcome":
                return null;
            case "reaction":
                return new ReceiveChange(
                    Change(item, "reaction", "message_id", change) with
                    {
                        Kind = InboundChangeKind.Reaction,
                        // Taken back, it has no emoji.
                        Text = item.Child("reaction")?.Text("emoji") ?? "",
                    }
                );
            case "revoke":
                return new ReceiveChange(
                    Change(item, "revoke", "original_message_id", change) with
                    {
                        Kind = InboundChangeKind.Revoke,
                    }
                );
            case "edit":
                return new ReceiveChange(
                    Change(item, "edit", "original_message_id", change) with
                    {
                        Kind = InboundChangeKind.Edit,
                        Text = EditedText(item, waId),
                    }
                );
            case "system":
                return ReadSystem(instanceId, waId, at, person, item);
        }
        return new ReceiveMessage(ToMessage(instanceId, waId, value, item, person, fromMe, at));
    }

    private static InboundMessage ToMessage(
        Guid instanceId,
        string waId,
        JsonElement value,
        JsonElement item,
        CloudPerson person,
        bool fromMe,
        DateTimeOffset at
    )
    {
        var content = CloudContent.Read(item, waId);
        var window = GatewayLimits.Of(CloudGateway.GatewayName).Window!.Value;
        return new()
        {
            InstanceId = instanceId,
            WaId = waId,
            FromMe = fromMe,
            IsEcho = false,
            Chat = person.Addresses,
            SenderName = fromMe ? null : person.Name,
            Type = content.Type,
            Text = content.Text,
            Content = ReadOrigin(item).AddTo(content.Content),
            Raw = content.Type == MessageType.Unsupported ? item.GetRawText() : null,
            Media = content.Media,
            ReplyTo = ReadQuote(value, item, person.Addresses),
            SentAt = at,
            // What this side writes opens none.
            WindowClosesAt = fromMe ? at : at + window,
        };
    }

    private static ReceiveNumberChange? ReadSystem(
        Guid instanceId,
        string waId,
        DateTimeOffset at,
        CloudPerson person,
        JsonElement item
    )
    {
        var system = item.Child("system");
        return system?.Text("type") switch
        {
            "user_changed_number" or "customer_changed_number" => new(
                instanceId,
                waId,
                at,
                person.Addresses,
                system.Value.Text("wa_id") ?? system.Value.Text("new_wa_id")
            ),
            var other => throw new InboundFormatException(
                $"A system message of a type that isn't known: {ShortText.Cut(other)}"
            ),
        };
    }

    private static InboundChange Change(
        JsonElement item,
        string part,
        string target,
        InboundChange change
    ) =>
        item.Child(part)?.Text(target) is { } waId
            ? change with
            {
                WaId = waId,
            }
            : throw new InboundFormatException($"The {part} doesn't say which message it changes.");

    // None where a caption was taken away. What can't be read must not be taken for that.
    private static string? EditedText(JsonElement item, string waId) =>
        item.Child("edit")?.Child("message") is { } edited
        && CloudContent.Read(edited, waId) is { Type: not MessageType.Unsupported } content
            ? content.Text
            : throw new InboundFormatException("The edit doesn't say what the message says now.");

    private static InboundQuote? ReadQuote(
        JsonElement value,
        JsonElement item,
        IReadOnlyList<Identity> chat
    )
    {
        // Of a forwarded message it has no id.
        if (item.Child("context") is not { } context || context.Text("id") is not { } waId)
        {
            return null;
        }
        var number = value.Child("metadata")?.Text("display_phone_number") ?? "";
        var fromMe =
            context.Text("from") is { } from
            && string.Concat(number.Where(char.IsAsciiDigit)) == from;
        return new(waId, MessageType.Unsupported, null, fromMe, fromMe ? [] : chat);
    }

    private static MessageOrigin ReadOrigin(JsonElement item) =>
        new(
            ReadAd(item),
            item.Child("context") is not { } context ? null
                : context.Flag("frequently_forwarded") ? MessageOrigin.Often
                : context.Flag("forwarded") ? MessageOrigin.Once
                : null
        );

    private static AdSource? ReadAd(JsonElement item) =>
        item.Child("referral") is { } referral
        && (referral.Text("source_id") ?? referral.Text("source_url")) is not null
            ? new(
                ShortText.Cut(referral.Text("headline")),
                ShortText.Cut(referral.Text("body")),
                referral.Text("source_url"),
                referral.Text("source_id")
            )
            : null;

    // A phone's clock can be far off; a bubble of the future would stay the last one.
    private static DateTimeOffset Time(JsonElement item, DateTimeOffset now)
    {
        var seconds = item.Long("timestamp");
        return seconds is > 0 && seconds <= (now + MostAhead).ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value)
            : now;
    }
}
