using System.Text.Json;
using FlowChat.Contacts;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads polls, and the votes as the gateway has counted them.</summary>
internal static class EvolutionPoll
{
    private const int MostOptions = 100;
    private const string Me = "me";

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
    /// <returns>Null = it doesn't tell: others voted, and none of them is this person.</returns>
    public static IReadOnlyList<string>? ChosenBy(
        JsonElement updates,
        IReadOnlyList<Identity> person,
        bool fromMe
    )
    {
        var voters = VotersOf(updates);
        var own = voters.Where(voter => Is(voter, person, fromMe)).ToList();
        // The chat's address may be another of the same person's: where only one voted, it is who sent the vote.
        var mine = own.Count > 0 || voters.Count != 1 ? own : voters;
        return voters.Count > 0 && mine.Count == 0
            ? null
            :
            [
                .. updates
                    .EnumerateArray()
                    .Where(option => option.List("voters").Any(voter => mine.Contains(Jid(voter))))
                    .Select(option => option.Text("name"))
                    .OfType<string>(),
            ];
    }

    /// <returns>Empty = it was me; null = nobody, or several.</returns>
    public static IReadOnlyList<Identity>? OnlyVoter(JsonElement updates) =>
        VotersOf(updates) is not [var voter] ? null
        : voter == Me ? []
        : WhatsAppAddress.TryParse(voter, out var address) && address.IsPerson ? [address.Identity]
        : null;

    private static List<string?> VotersOf(JsonElement updates) =>
        [
            .. updates
                .EnumerateArray()
                .SelectMany(option => option.List("voters"))
                .Select(Jid)
                .Distinct(StringComparer.Ordinal),
        ];

    private static string? Jid(JsonElement voter) =>
        voter.ValueKind == JsonValueKind.String ? voter.GetString() : null;

    private static bool Is(string? jid, IReadOnlyList<Identity> person, bool fromMe) =>
        fromMe && jid == Me
        || (
            WhatsAppAddress.TryParse(jid, out var address)
            && (fromMe ? person.Count == 0 : person.Contains(address.Identity))
        );
}
