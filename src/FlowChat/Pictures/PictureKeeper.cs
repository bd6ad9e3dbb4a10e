using FlowChat.Media;
using FlowChat.Media.Store;
using FlowChat.Storage;

namespace FlowChat.Pictures;

/// <summary>Brings a picture into the store and shows it; what it replaces goes.</summary>
internal sealed class PictureKeeper(PictureFetch fetch, MediaLibrary library, TenantWriter writer)
{
    /// <param name="tenantId">Whose.</param>
    /// <param name="url">Where WhatsApp has it.</param>
    /// <param name="show">The change that shows it, with the hash that it makes needless.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Null = it is shown; else why it isn't.</returns>
    /// <exception cref="MediaStoreException">The store can't take it now.</exception>
    public async Task<string?> KeepAsync(
        Guid tenantId,
        Uri url,
        Func<StoredPicture, TenantChange<string?>> show,
        CancellationToken cancellationToken
    )
    {
        using var fetched = await fetch.FetchAsync(url, cancellationToken);
        if (fetched.File is not { } file)
        {
            return fetched.Failure;
        }
        string? needless;
        await using (var hold = await library.KeepAsync(tenantId, file, cancellationToken))
        {
            var change = show(new(hold.Sha256, fetched.MimeType));
            needless = await writer.WriteAsync(tenantId, change, CancellationToken.None);
        }
        await RemoveAsync(tenantId, needless, cancellationToken);
        return null;
    }

    /// <summary>There is none any more.</summary>
    /// <exception cref="MediaStoreException">The store is away.</exception>
    public async Task DropAsync(
        Guid tenantId,
        TenantChange<string?> show,
        CancellationToken cancellationToken
    ) =>
        await RemoveAsync(
            tenantId,
            await writer.WriteAsync(tenantId, show, cancellationToken),
            cancellationToken
        );

    private Task RemoveAsync(Guid tenantId, string? sha256, CancellationToken cancellationToken) =>
        sha256 is null
            ? Task.CompletedTask
            : library.RemoveUnnamedAsync(tenantId, sha256, cancellationToken);
}
