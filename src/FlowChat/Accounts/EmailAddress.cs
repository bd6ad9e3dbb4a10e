namespace FlowChat.Accounts;

internal static class EmailAddress
{
    public const int MaxLength = 254;

    /// <summary>The form that is stored, compared and hashed.</summary>
    public static string Normalize(string? typed) =>
        // PostgreSQL takes no NUL; no stored address holds the character that stands in for it.
        (typed ?? "")
            .Trim()
            .ToLowerInvariant()
            .Replace('\0', '\uFFFD');

    public static bool IsValid(string normalized)
    {
        var at = normalized.IndexOf('@', StringComparison.Ordinal);
        return normalized.Length <= MaxLength
            && at > 0
            && at == normalized.LastIndexOf('@')
            && at < normalized.Length - 1
            && !normalized.Any(character =>
                char.IsWhiteSpace(character) || char.IsControl(character) || character == '\uFFFD'
            );
    }
}
