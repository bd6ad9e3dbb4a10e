using System.Text.Json;
using FlowChat.Gateways.Cloud;
using FlowChat.Messages;

namespace FlowChat.Inbound.Cloud;

/// <summary>Reads one of a webhook's statuses.</summary>
internal static class CloudReceipt
{
    /// <summary>Null = it tells no status of a message.</summary>
    /// <exception cref="InboundFormatException">It names no message.</exception>
    public static InboundReceipt? Read(Guid instanceId, JsonElement item)
    {
        var waId = item.Text("id") ?? throw new InboundFormatException("The status has no id.");
        var status = item.Text("status") switch
        {
            "sent" => MessageStatus.Sent,
            "delivered" => MessageStatus.Delivered,
            "read" => MessageStatus.Read,
            "played" => MessageStatus.Played,
            "failed" => MessageStatus.Failed,
            _ => null,
        };
        if (status is null)
        {
            return null;
        }
        var error =
            status == MessageStatus.Failed
                ? item.List("errors").Select(GraphError.Read).FirstOrDefault()
                : null;
        return new(instanceId, waId, status, error?.Text)
        {
            ErrorCode = error is null ? null : GraphErrorClass.CodeOf(error.Code),
            MessageId = Guid.TryParse(item.Text("biz_opaque_callback_data"), out var id)
                ? id
                : null,
        };
    }
}
