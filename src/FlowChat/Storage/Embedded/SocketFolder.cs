namespace FlowChat.Storage.Embedded;

/// <summary>
/// A folder that only the server's user may enter, with a path short enough for a unix socket (107 bytes): whoever
/// reaches the socket is let in without a password.
/// </summary>
internal static class SocketFolder
{
    private const UnixFileMode OnlyOwner =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Nobody but root can plant a folder in /var/run; in /tmp anybody can.
    private static readonly string Parent = Environment.IsPrivilegedProcess
        ? "/var/run/flowchat"
        : "/tmp";

    /// <summary>The remembered folder if it is still ours, else a new one.</summary>
    public static async Task<string> PrepareAsync(
        string? remembered,
        ServerAccount account,
        CancellationToken ct
    )
    {
        OpenFolder.Create(Parent);
        var folder = IsOurs(remembered)
            ? remembered!
            : Claim(Path.Combine(Parent, $"flowchat-{RandomName.Next()}"));
        await account.OwnAsync(folder, ct);
        return folder;
    }

    private static bool IsOurs(string? folder)
    {
        try
        {
            return folder is not null
                && Path.GetDirectoryName(folder) == Parent
                && Claim(folder) == folder;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    private static string Claim(string folder)
    {
        Directory.CreateDirectory(folder, OnlyOwner);
        if (new DirectoryInfo(folder).LinkTarget is not null)
            throw new IOException($"{folder} is a link that somebody else made.");
        // Only its owner may do this: it fails on a folder that another user put there.
        File.SetUnixFileMode(folder, OnlyOwner);
        return folder;
    }
}
