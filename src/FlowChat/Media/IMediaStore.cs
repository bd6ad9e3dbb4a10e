namespace FlowChat.Media;

/// <summary>Where the bytes of media are, by their hash: a folder, or an S3 bucket.</summary>
internal interface IMediaStore
{
    /// <exception cref="MediaMissingException">Nothing is stored under that name.</exception>
    Task<Stream> OpenAsync(Guid tenantId, string sha256, CancellationToken cancellationToken);
}

internal sealed class MediaMissingException(string sha256, Exception? inner = null)
    : Exception($"The medium {sha256} isn't in the store.", inner);
