using System.Text.Json;
using FlowChat.Instances;

namespace FlowChat.Inbound.Evolution;

/// <summary>Reads connection.update and qrcode.updated.</summary>
internal static class EvolutionConnection
{
    public static ReceiveInstanceState? ReadState(Guid instanceId, JsonElement item)
    {
        var state =
            item.Text("state") ?? throw new InboundFormatException("The update has no state.");
        var known =
            state
            is InstanceState.Open
                or InstanceState.Connecting
                or InstanceState.Close
                or InstanceState.Refused;
        var reason =
            item.Long("statusReason") is { } code && state != InstanceState.Open
                ? $"statusReason {code}"
                : null;
        return known ? new(instanceId, state, reason, item.Text("wuid")) : null;
    }

    public static ReceiveQr ReadQr(Guid instanceId, JsonElement item)
    {
        if (item.Child("qrcode") is { } qr)
        {
            return new(
                instanceId,
                JsonSerializer.Serialize(
                    new QrCode(qr.Text("pairingCode"), qr.Text("code"), qr.Text("base64"))
                )
            );
        }
        // {"message":"QR code limit reached","statusCode":…}: no further code comes.
        return new(instanceId, null);
    }
}
