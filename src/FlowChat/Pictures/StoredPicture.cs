namespace FlowChat.Pictures;

/// <summary>The picture of a person or a group. Its bytes are in the media store.</summary>
internal sealed record StoredPicture(string Sha256, string MimeType)
{
    /// <summary>Another one for another picture, so that a browser may keep what it has for ever.</summary>
    public string Version => VersionOf(Sha256);

    public static string? AddressOfContact(Guid id, string? sha256) =>
        AddressOf("contacts", id, sha256);

    public static string? AddressOfGroup(Guid id, string? sha256) =>
        AddressOf("groups", id, sha256);

    private static string? AddressOf(string owners, Guid id, string? sha256) =>
        sha256 is null ? null : $"/api/{owners}/{id}/picture?v={VersionOf(sha256)}";

    private static string VersionOf(string sha256) => sha256[..16];
}
