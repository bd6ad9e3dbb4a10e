using System.Text.Json;
using FlowChat.Instances;

namespace FlowChat.Inbound.Evolution;

/// <summary>Reads connection.update and qrcode.updated.</summary>
internal static class EvolutionConnection
{
    // A code of WhatsApp has some 240 characters, its picture some ten thousand.
    private const int MostCodeCharacters = 2_000;
    private const int MostImageCharacters = 200_000;

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

    public static ReceiveQr ReadQr(Guid instanceId, JsonElement item, DateTimeOffset? toldAt)
    {
        if (item.Child("qrcode") is { } qr)
        {
            return ReadCode(qr) is { } code
                ? new(instanceId, code, toldAt)
                : throw new InboundFormatException("The qrcode has neither code nor base64.");
        }
        // {"message":"QR code limit reached","statusCode":…}: no further code comes.
        return item.Text("message") is not null || item.Long("statusCode") is not null
            ? new(instanceId, null, toldAt)
            : throw new InboundFormatException("The update has neither a qrcode nor a message.");
    }

    /// <summary>Null = there is none yet.</summary>
    public static QrCode? ReadCode(JsonElement qr)
    {
        var code = new QrCode(
            Part(qr, "pairingCode", MostCodeCharacters),
            Part(qr, "code", MostCodeCharacters),
            Part(qr, "base64", MostImageCharacters)
        );
        return code is { PairingCode: null, Code: null, Base64: null } ? null : code;
    }

    private static string? Part(JsonElement qr, string name, int most) =>
        qr.Child(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text when text.GetString()!.Length <= most =>
                qr.Text(name),
            { ValueKind: JsonValueKind.String } => throw new InboundFormatException(
                $"The qrcode's {name} is longer than {most} characters."
            ),
            _ => throw new InboundFormatException($"The qrcode's {name} is no text."),
        };
}
