namespace FlowChat.Contacts;

/// <summary>
/// Brazil's mobiles were given a ninth digit, and WhatsApp still knows many by the number of before. No rule by area says
/// which: both numbers are one line, and whoever has one of them is found by both.
/// </summary>
internal static class BrazilianLine
{
    private const int WithoutNine = 12,
        WithNine = 13,
        // Behind the country's and the area's two each.
        Nine = 4;

    /// <returns>The number without its ninth digit; null = it is no such mobile's.</returns>
    public static string? Of(string digits) =>
        !digits.StartsWith("55", StringComparison.Ordinal) ? null
        : digits.Length == WithoutNine && IsOldMobile(digits[Nine]) ? digits
        : digits.Length == WithNine && digits[Nine] == '9' && IsOldMobile(digits[Nine + 1])
            ? digits.Remove(Nine, 1)
        : null;

    /// <summary>With the lines of the phones among them, behind them.</summary>
    public static IEnumerable<Identity> WithLines(IReadOnlyCollection<Identity> identities) =>
        identities.Concat(
            identities
                .Where(identity => identity.Kind == IdentityKind.Phone)
                .Select(phone => Of(phone.Value))
                .OfType<string>()
                .Select(line => new Identity(IdentityKind.Line, line))
        );

    /// <summary>What somebody types of a number, and the same with the ninth digit or without it.</summary>
    /// <param name="digits">Any end of a number, with its area and country or not.</param>
    public static string[] Spellings(string digits)
    {
        const int Old = 8;
        var line = digits.Length - Old;
        if (line < 0 || line > Nine + 1 || !IsOldMobile(digits[line]))
        {
            return [digits];
        }
        return line is 1 or 3 or 5 && digits[line - 1] == '9' ? [digits, digits.Remove(line - 1, 1)]
            : line is 0 or 2 or 4 ? [digits, digits.Insert(line, "9")]
            : [digits];
    }

    // What begins with another digit was a landline's.
    private static bool IsOldMobile(char first) => first is >= '6' and <= '9';
}
