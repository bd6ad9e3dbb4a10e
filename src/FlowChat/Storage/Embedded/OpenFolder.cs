namespace FlowChat.Storage.Embedded;

internal static class OpenFolder
{
    private const UnixFileMode OwnerWritesAllEnter = (UnixFileMode)0b111_101_101;

    /// <summary>Makes a folder that everybody may enter, whatever our umask says.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
            return;
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, OwnerWritesAllEnter);
    }
}
