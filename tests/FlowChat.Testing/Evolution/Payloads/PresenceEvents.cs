using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>What Evolution tells of who writes or speaks just now.</summary>
public static class PresenceEvents
{
    /// <param name="number">The number that is told.</param>
    /// <param name="chat">The JID of a person or a group.</param>
    /// <param name="person">The JID of who does it.</param>
    /// <param name="presence">composing, recording, paused, available or unavailable.</param>
    /// <param name="at">When.</param>
    public static JsonObject PresenceUpdate(
        this EvolutionNumber number,
        string chat,
        string person,
        string presence,
        DateTimeOffset at
    )
    {
        var told = new JsonObject { ["lastKnownPresence"] = presence };
        if (presence == "unavailable")
            told["lastSeen"] = at.ToUnixTimeSeconds();
        return number.Envelope(
            "presence.update",
            new JsonObject
            {
                ["id"] = chat,
                ["presences"] = new JsonObject { [person] = told },
            },
            at
        );
    }
}
