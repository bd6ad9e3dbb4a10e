using FlowChat.Messages.Content;

namespace FlowChat.Inbound.Evolution.Kinds;

/// <summary>Reads of a vCard what a card of a contact shows (RFC 6350, and the 3.0 that phones write).</summary>
internal static class VCard
{
    private const int MostPhones = 20;

    /// <param name="text">The vCard.</param>
    /// <param name="name">How the sender calls them; FN where that is missing.</param>
    public static ContactCard Read(string text, string? name)
    {
        string? formatted = null,
            organization = null,
            email = null;
        var phones = new List<string>();
        foreach (var line in Unfold(text).Split('\n', StringSplitOptions.TrimEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }
            var value = Unescape(line[(colon + 1)..]);
            switch (NameOf(line[..colon]))
            {
                case "FN":
                    formatted ??= value;
                    break;
                case "TEL"
                    when phones.Count < MostPhones && Phone(line[..colon], value) is { } phone:
                    phones.Add(phone);
                    break;
                case "ORG":
                    organization ??= value.Trim(';', ' ');
                    break;
                case "EMAIL":
                    email ??= value;
                    break;
            }
        }
        return new(
            ShortText.Cut(name ?? formatted) ?? phones.FirstOrDefault() ?? "?",
            [.. phones.Distinct(StringComparer.Ordinal)]
        )
        {
            Organization = ShortText.Cut(organization),
            Email = ShortText.Cut(email),
        };
    }

    // "item1.TEL;type=CELL;waid=5511987654321" is a TEL.
    private static string NameOf(string head)
    {
        var name = head.Split(';')[0];
        return name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..].ToUpperInvariant();
    }

    // The number as WhatsApp knows it stands in the parameters.
    private static string? Phone(string head, string value) =>
        CardPhone.Of(
            head.Split(';')
                .FirstOrDefault(part =>
                    part.StartsWith("waid=", StringComparison.OrdinalIgnoreCase)
                ),
            value
        );

    private static string Unfold(string text) =>
        text.ReplaceLineEndings("\n")
            .Replace("\n ", "", StringComparison.Ordinal)
            .Replace("\n\t", "", StringComparison.Ordinal);

    private static string Unescape(string value) =>
        value
            .Replace("\\,", ",", StringComparison.Ordinal)
            .Replace("\\;", ";", StringComparison.Ordinal)
            .Replace("\\n", " ", StringComparison.OrdinalIgnoreCase)
            .Replace("\\\\", "\\", StringComparison.Ordinal)
            .Trim();
}
