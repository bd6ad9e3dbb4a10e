using System.Text.Json;
using FlowChat.Contacts;

namespace FlowChat.Inbound.Cloud;

/// <summary>The other side of a message: a number, a business-scoped id, or both; and what they call themselves.</summary>
internal sealed record CloudPerson(IReadOnlyList<Identity> Addresses, string? Name)
{
    // A phone has at most 15 digits, a BSUID two letters and at most 128 characters.
    private const int MostDigits = 32,
        MostIdCharacters = 160;

    /// <param name="value">Has the contacts that its messages name.</param>
    /// <param name="item">The message.</param>
    /// <param name="side">from of what they wrote, to of what was written to them.</param>
    /// <exception cref="InboundFormatException">It names nobody.</exception>
    public static CloudPerson Read(JsonElement value, JsonElement item, string side)
    {
        var phone = item.Text(side);
        var userId = item.Text($"{side}_user_id");
        var contact = FindContact(value, phone, userId);
        phone ??= contact?.Text("wa_id");
        userId ??= contact?.Text("user_id");
        if (phone is not null && (phone.Length > MostDigits || !phone.All(char.IsAsciiDigit)))
        {
            throw new InboundFormatException($"The message's {side} is no number.");
        }
        if (userId is not null && !IsUserId(userId))
        {
            throw new InboundFormatException($"The message's {side}_user_id is no id.");
        }
        var addresses = new List<Identity>(2);
        if (phone is not null)
        {
            addresses.Add(new(IdentityKind.Phone, phone));
        }
        if (userId is not null)
        {
            addresses.Add(new(IdentityKind.Bsuid, userId));
        }
        return addresses.Count > 0
            ? new(addresses, NameOf(contact))
            : throw new InboundFormatException("The message names nobody.");
    }

    private static JsonElement? FindContact(JsonElement value, string? phone, string? userId)
    {
        var contacts = value.List("contacts").ToList();
        foreach (var contact in contacts)
        {
            if (
                (phone is not null && contact.Text("wa_id") == phone)
                || (userId is not null && contact.Text("user_id") == userId)
            )
            {
                return contact;
            }
        }
        // Of a message that names nobody itself.
        return phone is null && userId is null && contacts is [var only] ? only : null;
    }

    // Who hides their number may have no name but the one they are found by.
    private static string? NameOf(JsonElement? contact) =>
        contact?.Child("profile") is { } profile
            ? profile.Text("name")
                ?? (profile.Text("username") is { } user ? $"@{user.TrimStart('@')}" : null)
            : null;

    private static bool IsUserId(string id) =>
        id.Length <= MostIdCharacters
        && id.Contains('.', StringComparison.Ordinal)
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '.');
}
