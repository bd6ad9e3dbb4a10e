namespace FlowChat.Pictures;

/// <summary>Which picture an address of WhatsApp's leads to.</summary>
internal static class PictureSource
{
    /// <summary>Nobody has one, or nobody may see it.</summary>
    public const string None = "";

    private const int Longest = 500;

    /// <returns>Null = it is no address.</returns>
    public static string? Of(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
        && address.AbsolutePath.Length is > 1 and <= Longest
            // The rest, its host too, differs each time that the same picture is told of.
            ? address.AbsolutePath
            : null;
}
