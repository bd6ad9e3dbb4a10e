using System.Text.Json.Nodes;
using FlowChat.Testing.Evolution.Payloads;
using Microsoft.AspNetCore.WebUtilities;

namespace FlowChat.Testing.Evolution;

/// <summary>What a caller gets to read.</summary>
public sealed record Answer(int Status, JsonNode Body)
{
    /// <summary>In place of the body: one that is too large to be held.</summary>
    public Func<Stream, CancellationToken, Task>? Write { get; init; }

    public static Answer ConnectionClosed { get; } =
        Error(400, new JsonArray("Error: Connection Closed"));

    public static Answer Unauthorized { get; } = Error(401, "Unauthorized");

    /// <summary>2.4 before its licence is activated.</summary>
    public static Answer LicenseRequired { get; } =
        new(503, new JsonObject { ["code"] = "LICENSE_REQUIRED" });

    public static Answer InstanceMissing(string name) =>
        Error(404, new JsonArray($"The \"{name}\" instance does not exist"));

    public static Answer NotOnWhatsApp(string number) =>
        Error(
            400,
            new JsonArray(
                new JsonObject
                {
                    ["jid"] = WhatsAppJid.Of(number),
                    ["exists"] = false,
                    ["number"] = number,
                }
            )
        );

    /// <summary>Evolution's envelope of errors: the message is a string on some routes and an array on others.</summary>
    public static Answer Error(int status, JsonNode message) =>
        new(
            status,
            new JsonObject
            {
                ["status"] = status,
                ["error"] = ReasonPhrases.GetReasonPhrase(status),
                ["response"] = new JsonObject { ["message"] = message },
            }
        );

    internal byte[] Bytes => EvolutionJson.Bytes(Body);
}
