using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>What Evolution reports of the number itself.</summary>
public static class NumberEvents
{
    public static JsonObject ConnectionUpdate(
        this EvolutionNumber number,
        string state,
        int statusReason,
        DateTimeOffset at
    )
    {
        var data = new JsonObject
        {
            ["instance"] = number.InstanceName,
            ["state"] = state,
            ["statusReason"] = statusReason,
        };
        if (state is "open")
        {
            data["wuid"] = number.Owner.PhoneJid;
            data["profileName"] = number.Owner.Name;
            data["profilePictureUrl"] = null;
        }

        return number.Envelope("connection.update", data, at);
    }

    public static JsonObject QrCodeUpdated(
        this EvolutionNumber number,
        JsonObject qrCode,
        DateTimeOffset at
    )
    {
        qrCode["instance"] = number.InstanceName;
        return number.Envelope("qrcode.updated", new JsonObject { ["qrcode"] = qrCode }, at);
    }

    /// <summary>The other form of qrcode.updated: no more codes will come.</summary>
    public static JsonObject QrCodeLimitReached(this EvolutionNumber number, DateTimeOffset at) =>
        number.Envelope(
            "qrcode.updated",
            new JsonObject
            {
                ["message"] = "QR code limit reached, please login again",
                ["statusCode"] = 500,
            },
            at
        );

    public static JsonObject StatusInstance(
        this EvolutionNumber number,
        int disconnectionReason,
        DateTimeOffset at
    ) =>
        number.Envelope(
            "status.instance",
            new JsonObject
            {
                ["instance"] = number.InstanceName,
                ["status"] = "closed",
                ["disconnectionReasonCode"] = disconnectionReason,
            },
            at
        );
}
