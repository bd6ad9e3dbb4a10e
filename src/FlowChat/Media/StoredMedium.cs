namespace FlowChat.Media;

/// <summary>An attachment whose bytes are in the store.</summary>
internal sealed record StoredMedium(
    Guid Id,
    string Kind,
    string MimeType,
    string? FileName,
    long SizeBytes,
    string Sha256
);
