using System.Globalization;
using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>What Evolution reports of a call: it rings, and then what came of it.</summary>
public static class CallEvent
{
    public static JsonObject Call(
        this EvolutionNumber number,
        Person from,
        string id,
        string status,
        DateTimeOffset at,
        bool isVideo = false,
        Group? group = null
    ) =>
        number.Envelope(
            "call",
            new JsonObject
            {
                ["chatId"] = group?.Jid ?? from.PhoneJid,
                ["from"] = from.PhoneJid,
                ["id"] = id,
                ["date"] = at.UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                    CultureInfo.InvariantCulture
                ),
                ["status"] = status,
                ["offline"] = false,
                ["isVideo"] = isVideo,
                ["isGroup"] = group is not null,
            },
            at
        );
}
