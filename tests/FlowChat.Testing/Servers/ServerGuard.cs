using System.Diagnostics;

namespace FlowChat.Testing.Servers;

/// <summary>
/// A shell that outlives this process by a moment: it waits for the end of its input, which comes also when this
/// process is killed, and then stops the server named in the pid file and removes its folder.
/// </summary>
internal sealed class ServerGuard : IAsyncDisposable
{
    private const string Script = """
        trap '' INT TERM HUP
        read -r _
        if pid=$(head -n 1 "$2" 2>/dev/null); then
          kill -QUIT "$pid" 2>/dev/null
          tries=0
          while kill -0 "$pid" 2>/dev/null && [ $((tries += 1)) -lt 250 ]; do sleep 0.02; done
        fi
        until rm -rf "$1" 2>/dev/null; do sleep 0.1; done
        """;

    private readonly Process shell;

    private ServerGuard(Process shell) => this.shell = shell;

    public static ServerGuard Start(string folder, string pidFile)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", folder, pidFile])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        return new ServerGuard(Process.Start(start)!);
    }

    public async ValueTask DisposeAsync()
    {
        shell.StandardInput.Close();
        await shell.WaitForExitAsync();
        shell.Dispose();
    }
}
