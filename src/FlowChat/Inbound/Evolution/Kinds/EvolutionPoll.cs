using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads polls, and the votes as the gateway has counted them.</summary>
internal static class EvolutionPoll
{
    private const int MostOptions = 100;

    public static PollContent Read(JsonElement fields) =>
        new(
            fields.Text("name") ?? "",
            [
                .. fields
                    .List("options")
                    .Take(MostOptions)
                    .Select(option => option.Text("optionName") ?? ""),
            ],
            (int)Math.Clamp(fields.Long("selectableOptionsCount") ?? 0, 0, MostOptions),
            []
        );

    /// <summary>What this person has chosen: the gateway lists the voters of each option.</summary>
    public static IReadOnlyList<string> ChosenBy(
        JsonElement updates,
        IReadOnlyList<Identity> person,
        bool fromMe
    ) =>
        [
            .. updates
                .EnumerateArray()
                .Where(option => option.List("voters").Any(voter => Is(voter, person, fromMe)))
                .Select(option => option.Text("name"))
                .OfType<string>(),
        ];

    private static bool Is(JsonElement voter, IReadOnlyList<Identity> person, bool fromMe)
    {
        var jid = voter.ValueKind == JsonValueKind.String ? voter.GetString() : null;
        return fromMe && jid == "me"
            || (
                WhatsAppAddress.TryParse(jid, out var address)
                && (fromMe ? person.Count == 0 : person.Contains(address.Identity))
            );
    }
}
