namespace FlowChat.Media.Store;

/// <summary>Where the bytes of media are, by their hash: a folder, or an S3 bucket. The same bytes of a tenant are kept once.</summary>
internal interface IMediaStore
{
    /// <summary>For people.</summary>
    string Place { get; }

    /// <summary>The bytes are on the disk, or in the bucket, once it returns; a folder's new entry follows in its own time. Bytes that are there already are left as they are.</summary>
    /// <exception cref="MediaStoreException">It is away, or full.</exception>
    Task SaveAsync(Guid tenantId, SpooledFile file, CancellationToken cancellationToken);

    /// <summary>A stream that knows its length and reads from wherever it is set to.</summary>
    /// <exception cref="MediaMissingException">Nothing is stored under that name.</exception>
    /// <exception cref="MediaStoreException">It is away.</exception>
    Task<Stream> OpenAsync(Guid tenantId, string sha256, CancellationToken cancellationToken);

    /// <exception cref="MediaStoreException">It is away.</exception>
    Task<bool> ExistsAsync(Guid tenantId, string sha256, CancellationToken cancellationToken);

    /// <summary>What isn't there is deleted already.</summary>
    /// <exception cref="MediaStoreException">It is away.</exception>
    Task DeleteAsync(Guid tenantId, string sha256, CancellationToken cancellationToken);

    /// <summary>A tenant's bytes whose hashes begin so.</summary>
    /// <param name="tenantId">Whose.</param>
    /// <param name="prefix">Two digits of lower-case hex.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="MediaStoreException">It is away.</exception>
    IAsyncEnumerable<StoredBytes> ListAsync(
        Guid tenantId,
        string prefix,
        CancellationToken cancellationToken
    );
}

/// <param name="Sha256">Their name.</param>
/// <param name="SavedAt">By the store's clock.</param>
internal readonly record struct StoredBytes(string Sha256, DateTimeOffset SavedAt);

internal sealed class MediaMissingException(string sha256, Exception? inner = null)
    : Exception($"The medium {sha256} isn't in the store.", inner);

/// <summary>The store can't do it now. Nothing is wrong with the medium.</summary>
internal sealed class MediaStoreException(string message, Exception inner)
    : Exception(message, inner)
{
    private const int NoSpace = 28,
        QuotaExceeded = 122;

    /// <param name="place">The folder.</param>
    /// <param name="error">An <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/>.</param>
    public static MediaStoreException Of(string place, Exception error) =>
        new(
            error is IOException { HResult: NoSpace or QuotaExceeded }
                ? $"There is no room left in {place}."
                : $"{place} can't be used: {error.Message}",
            error
        );
}
