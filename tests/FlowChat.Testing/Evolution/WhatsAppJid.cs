namespace FlowChat.Testing.Evolution;

internal static class WhatsAppJid
{
    /// <summary>Evolution's createJid, with its rule for Brazil's ninth digit.</summary>
    public static string Of(string number)
    {
        if (number.Contains('@', StringComparison.Ordinal))
            return number;
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        if (digits.Length >= 18)
            return $"{digits}@g.us";
        return $"{WithoutBrazilsNine(digits)}@s.whatsapp.net";
    }

    private static string WithoutBrazilsNine(string digits)
    {
        var isMobile =
            digits.Length == 13
            && digits.StartsWith("55", StringComparison.Ordinal)
            && digits[4] == '9';
        if (!isMobile)
            return digits;
        var areaFrom31 = string.CompareOrdinal(digits, 2, "31", 0, 2) >= 0;
        return areaFrom31 && digits[5] >= '7' ? digits.Remove(4, 1) : digits;
    }
}
