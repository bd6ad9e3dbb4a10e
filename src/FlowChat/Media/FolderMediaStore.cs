using FlowChat.Settings;

namespace FlowChat.Media;

/// <summary>Media as files under FLOWCHAT_DATA, one folder a tenant.</summary>
internal sealed class FolderMediaStore(FlowChatSettings settings) : IMediaStore
{
    private const int Buffer = 64 * 1024;

    private readonly string _root = Path.Combine(settings.DataFolder, "media");

    public Task<Stream> OpenAsync(Guid tenantId, string sha256, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream>(
                new FileStream(
                    PathOf(tenantId, sha256),
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.Read,
                    Buffer,
                    FileOptions.Asynchronous | FileOptions.SequentialScan
                )
            );
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MediaMissingException(sha256, error);
        }
    }

    private string PathOf(Guid tenantId, string sha256) =>
        Path.Combine(_root, tenantId.ToString("N"), sha256[..2], sha256);
}
