using FlowChat.Testing.Servers;

namespace FlowChat.Testing.Stack;

/// <summary>FlowChat as it was at a commit, built beside this one.</summary>
public static class EarlierRelease
{
    /// <returns>Its program.</returns>
    public static async Task<string> BuildAsync(string commit, CancellationToken ct)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        await using var build = ChildProcess.Start(
            "/bin/bash",
            ["-c", Script, "build", Checkout.Root, commit, configuration],
            new Dictionary<string, string>(StringComparer.Ordinal)
        );
        var exitCode = await build.WaitForExitAsync(ct);
        return exitCode == 0
            ? build.Output.All[^1]
            : throw new InvalidOperationException(
                $"The release of {commit} wasn't built: {string.Join('\n', build.Output.All)}"
            );
    }

    // The last line that it prints is the program.
    private const string Script = """
        set -euo pipefail
        cd "$1"
        sha="$(git rev-parse --verify --short=12 "$2^{commit}")"
        folder="$PWD/artifacts/releases/$sha"
        mkdir -p "$folder"
        git archive "$sha" | tar -x -C "$folder"
        cd "$folder"
        dotnet build src/FlowChat --configuration "$3" --nologo --verbosity quiet -nodeReuse:false
        echo "$folder/artifacts/bin/FlowChat/$3/flowchat"
        """;
}
