using System.Text.Json.Nodes;

namespace FlowChat.Testing.Evolution.Payloads;

/// <summary>messages.delete.</summary>
public static class DeleteEvents
{
    public static JsonObject Deleted(
        this EvolutionNumber number,
        JsonObject key,
        DeleteForm form,
        DateTimeOffset at
    ) =>
        number.Envelope(
            "messages.delete",
            form == DeleteForm.Api
                ? new JsonObject
                {
                    ["id"] = "cm3x1q2z80001",
                    ["key"] = key.DeepClone(),
                    ["status"] = "DELETED",
                }
                : new JsonObject
                {
                    ["remoteJid"] = key["remoteJid"]!.DeepClone(),
                    ["fromMe"] = key["fromMe"]!.DeepClone(),
                    ["id"] = key["id"]!.DeepClone(),
                    ["status"] = "DELETED",
                },
            at
        );
}

public enum DeleteForm
{
    /// <summary>Of what a phone deleted.</summary>
    Phone,

    /// <summary>Of what was deleted through the gateway: its id is that of the gateway's database.</summary>
    Api,
}
