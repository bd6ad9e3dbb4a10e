namespace FlowChat.Storage.Embedded;

/// <summary>Locks between processes, which the kernel drops with their holder: .NET's share modes are flock.</summary>
internal static class FileLock
{
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<IDisposable> WaitForExclusiveAsync(
        string path,
        TimeProvider time,
        CancellationToken ct
    )
    {
        while (true)
        {
            if (TryExclusive(path) is { } held)
                return held;
            await Task.Delay(Pause, time, ct);
        }
    }

    public static IDisposable? TryExclusive(string path)
    {
        try
        {
            return new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException e) when (e.HResult is LinuxWouldBlock or MacWouldBlock)
        {
            return null;
        }
    }

    /// <summary>Fails while somebody holds the file exclusively.</summary>
    public static IDisposable Shared(string path) =>
        new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
}
