using System.Diagnostics;
using System.Globalization;

namespace FlowChat.Storage.Embedded;

/// <summary>The file postmaster.pid, which a server leaves behind when it is killed.</summary>
internal sealed record PostmasterPid(string Text, int Pid, string SocketFolder, bool IsReady)
{
    public static string FileOf(string cluster) => Path.Combine(cluster, "postmaster.pid");

    public static PostmasterPid? Read(string cluster)
    {
        try
        {
            var text = File.ReadAllText(FileOf(cluster));
            var lines = text.Split('\n');
            // A server that has just begun hasn't written all lines yet.
            return new PostmasterPid(
                text,
                int.Parse(lines[0], CultureInfo.InvariantCulture),
                lines.ElementAtOrDefault(4) ?? "",
                lines.ElementAtOrDefault(7)?.Trim() == "ready"
            );
        }
        catch (Exception e)
            when (e is FileNotFoundException or DirectoryNotFoundException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The same file with the number of a process that can't exist.</summary>
    public string OfNobody() =>
        string.Join('\n', Text.Split('\n').Skip(1).Prepend($"{int.MaxValue}"));

    /// <summary>False when the process is gone, or when its number now belongs to another program.</summary>
    public bool IsAlive() =>
        OperatingSystem.IsLinux() ? IsAliveOnLinux() : HasProcessNamedPostgres();

    private bool IsAliveOnLinux()
    {
        try
        {
            // "4711 (postgres) S …": nobody may have reaped a dead one.
            var stat = File.ReadAllText($"/proc/{Pid}/stat");
            if (
                !stat.Contains("(postgres) ", StringComparison.Ordinal)
                || stat.Contains("(postgres) Z", StringComparison.Ordinal)
            )
                return false;
            return SameStart(Text, File.ReadAllText($"/proc/{Pid}/cwd/postmaster.pid"));
        }
        catch (IOException)
        {
            // Gone, also while we looked.
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // A container's root may not look into others' folders. Waiting in vain is better than two servers.
            return true;
        }
    }

    // Number, folder and time of the start; the status below them changes.
    private static bool SameStart(string one, string other) =>
        one.Split('\n').Take(3).SequenceEqual(other.Split('\n').Take(3), StringComparer.Ordinal);

    private bool HasProcessNamedPostgres()
    {
        try
        {
            using var process = Process.GetProcessById(Pid);
            return process.ProcessName == "postgres";
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
