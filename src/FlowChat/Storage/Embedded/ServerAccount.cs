using System.ComponentModel;
using System.Diagnostics;

namespace FlowChat.Storage.Embedded;

/// <summary>The operating system user that runs PostgreSQL and owns its files. PostgreSQL refuses to be root.</summary>
internal sealed record ServerAccount(string? UserName)
{
    public static readonly ServerAccount Self = new(UserName: null);

    private static readonly string[] Unprivileged = ["flowchat", "postgres", "nobody"];

    /// <summary>Whoever we are, or when we are root the first unprivileged user that exists.</summary>
    public static ServerAccount Choose()
    {
        if (!Environment.IsPrivilegedProcess)
            return Self;
        var known = File.ReadLines("/etc/passwd")
            .Select(line => line.Split(':')[0])
            .ToHashSet(StringComparer.Ordinal);
        return new ServerAccount(
            Unprivileged.FirstOrDefault(known.Contains)
                ?? throw new EmbeddedPostgresException(
                    "PostgreSQL refuses to run as root and there is no user flowchat, postgres or nobody to run it. "
                        + "Add one (useradd --system flowchat) or set DATABASE_URL."
                )
        );
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken ct
    )
    {
        var (exitCode, output) = await TryRunAsync(program, arguments, ct);
        return exitCode == 0
            ? output
            : throw new EmbeddedPostgresException(
                $"{program} ended with exit code {exitCode}: {output}"
            );
    }

    public async Task<bool> CanReachAsync(string path, CancellationToken ct) =>
        UserName is null
        || (await TryRunAsync("/bin/sh", ["-c", "test -x \"$0\"", path], ct)).ExitCode == 0;

    /// <summary>Gives a file or folder, and all in it, to this user.</summary>
    public Task OwnAsync(string path, CancellationToken ct) =>
        UserName is null
            ? Task.CompletedTask
            : Self.RunAsync("chown", ["-R", $"{UserName}:", path], ct);

    private async Task<(int ExitCode, string Output)> TryRunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken ct
    )
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        try
        {
            await process.WaitForExitAsync(ct);
            return (process.ExitCode, $"{await output}{await error}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            // The user may not be allowed into ours.
            WorkingDirectory = "/",
        };
        if (UserName is not null)
            start.UserName = UserName;
        // PGDATA, PGOPTIONS and their like are meant for the operator's own servers.
        foreach (
            var name in start
                .Environment.Keys.Where(key => key.StartsWith("PG", StringComparison.Ordinal))
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new EmbeddedPostgresException($"{program} could not be started: {e.Message}", e);
        }
    }
}
