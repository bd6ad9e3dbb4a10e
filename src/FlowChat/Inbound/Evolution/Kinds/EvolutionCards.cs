using System.Text.Json;
using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads contactMessage and contactsArrayMessage.</summary>
internal static class EvolutionCards
{
    private const int Most = 257;

    public static ContactsContent Read(JsonElement fields) =>
        new(
            fields.Child("contacts") is { ValueKind: JsonValueKind.Array } many
                ? [.. many.EnumerateArray().Take(Most).Select(ReadOne)]
                : [ReadOne(fields)]
        );

    private static ContactCard ReadOne(JsonElement fields) =>
        VCard.Read(fields.Text("vcard") ?? "", ShortText.Cut(fields.Text("displayName")));
}
