using FlowChat.Settings;

namespace FlowChat.Media.Store;

/// <summary>Media as files under FLOWCHAT_DATA, one folder a tenant. The spool is beside them: a file becomes a medium by its new name.</summary>
internal sealed class FolderMediaStore(FlowChatSettings settings) : IMediaStore
{
    private readonly string _root = Path.Combine(settings.DataFolder, "media");

    public string Place => _root;

    public Task SaveAsync(Guid tenantId, SpooledFile file, CancellationToken cancellationToken)
    {
        var path = PathOf(tenantId, file.Sha256);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path))
            {
                File.Move(file.Path, path, overwrite: true);
            }
            return Task.CompletedTask;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw MediaStoreException.Of(_root, error);
        }
    }

    public Task<Stream> OpenAsync(Guid tenantId, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream>(
                new FileStream(
                    PathOf(tenantId, sha256),
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.Read | FileShare.Delete,
                    MediaSpool.Buffer,
                    FileOptions.Asynchronous | FileOptions.SequentialScan
                )
            );
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MediaMissingException(sha256, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw MediaStoreException.Of(_root, error);
        }
    }

    public Task<bool> ExistsAsync(
        Guid tenantId,
        string sha256,
        CancellationToken cancellationToken
    ) => Task.FromResult(File.Exists(PathOf(tenantId, sha256)));

    public Task DeleteAsync(Guid tenantId, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(tenantId, sha256));
            return Task.CompletedTask;
        }
        catch (DirectoryNotFoundException)
        {
            return Task.CompletedTask;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw MediaStoreException.Of(_root, error);
        }
    }

    public IAsyncEnumerable<StoredBytes> ListAsync(
        Guid tenantId,
        string prefix,
        CancellationToken cancellationToken
    )
    {
        var folder = new DirectoryInfo(Path.Combine(_root, tenantId.ToString("N"), prefix));
        try
        {
            return folder.Exists
                ? folder
                    .GetFiles()
                    .Select(file => new StoredBytes(
                        file.Name,
                        new DateTimeOffset(file.LastWriteTimeUtc)
                    ))
                    .ToAsyncEnumerable()
                : AsyncEnumerable.Empty<StoredBytes>();
        }
        catch (IOException error)
        {
            throw MediaStoreException.Of(_root, error);
        }
    }

    private string PathOf(Guid tenantId, string sha256) =>
        Path.Combine(_root, tenantId.ToString("N"), sha256[..2], sha256);
}
