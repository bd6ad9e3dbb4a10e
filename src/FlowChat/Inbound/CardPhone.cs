namespace FlowChat.Inbound;

/// <summary>A number on a card of a contact.</summary>
internal static class CardPhone
{
    private const string Uri = "tel:";

    /// <summary>With a plus where its country is known. What people typed may lack it, and stays as it is: its digits may be another's.</summary>
    /// <param name="waId">As WhatsApp knows it.</param>
    /// <param name="typed">As it was typed.</param>
    /// <returns>Null = there is none.</returns>
    public static string? Of(string? waId, string? typed)
    {
        if (Digits(waId) is { Length: > 0 } known)
        {
            return "+" + known;
        }
        var number = typed?.Trim() ?? "";
        if (number.StartsWith(Uri, StringComparison.OrdinalIgnoreCase))
        {
            number = number[Uri.Length..];
        }
        return Digits(number) is not { Length: > 0 } digits ? null
            : number.StartsWith('+') ? "+" + digits
            : ShortText.Cut(number);
    }

    private static string Digits(string? text) =>
        string.Concat((text ?? "").Where(char.IsAsciiDigit));
}
