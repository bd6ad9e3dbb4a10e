namespace FlowChat.Media.Store;

/// <summary>Bytes in a file of their own, until the store has them or they are given up.</summary>
internal sealed class SpooledFile(string path, long size, string sha256) : IDisposable
{
    public string Path { get; } = path;
    public long Size { get; } = size;

    /// <summary>In lower-case hex.</summary>
    public string Sha256 { get; } = sha256;

    public FileStream OpenRead() =>
        new(
            Path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read | FileShare.Delete,
            MediaSpool.Buffer,
            FileOptions.Asynchronous | FileOptions.SequentialScan
        );

    public void Dispose() => File.Delete(Path);
}
