using FlowChat.Testing;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Operations.Deployment;

/// <summary>deploy/rollout with a driver that only writes down what it is asked, and fails where it is told to.</summary>
public sealed class RolloutTests : IDisposable
{
    private const string Driver = """
        #!/bin/sh
        echo "$*" >>"$ASKED"
        case $1 in open) echo 0 ;; esac
        [ "$*" != "$FAILS" ]

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("flowchat-roll-").FullName;
    private readonly string _list;
    private readonly string _whole;

    public RolloutTests()
    {
        _list = Path.Combine(_folder, "nodes.conf");
        _whole = File.ReadAllText(Path.Combine(Checkout.Root, "deploy", "nginx", "nodes.conf"));
        File.WriteAllText(_list, _whole);
        File.WriteAllText(PathOf("driver"), Driver);
        File.SetUnixFileMode(
            PathOf("driver"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IEnumerable<string> Stopped =>
        File.ReadLines(PathOf("asked"))
            .Where(words => words.StartsWith("stop ", StringComparison.Ordinal));

    [Theory]
    [InlineData("stop api-2")]
    [InlineData("ready api-2")]
    public async Task A_node_that_fails_stays_out_and_the_next_roll_begins_with_it(string fails)
    {
        var failed = await RollAsync(fails);

        Assert.Equal(1, failed);
        Assert.Equal(_whole.Replace("  server api-2", "  # server api-2"), ReadList());
        File.Delete(PathOf("asked"));
        Assert.Equal(0, await RollAsync());
        Assert.Equal(["stop api-2", "stop api-1", "stop worker-1"], Stopped);
        Assert.Equal(_whole, ReadList());
    }

    [Fact]
    public async Task A_list_that_nginx_refuses_is_taken_back_and_nothing_is_stopped()
    {
        var failed = await RollAsync("nginx-test");

        Assert.Equal(1, failed);
        Assert.Equal(_whole, ReadList());
        Assert.Empty(Stopped);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string ReadList() => File.ReadAllText(_list);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private async Task<int> RollAsync(string fails = "nothing")
    {
        await using var rollout = ChildProcess.Start(
            Path.Combine(Checkout.Root, "deploy", "rollout"),
            [],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ROLLOUT_DRIVER"] = PathOf("driver"),
                ["ROLLOUT_LIST"] = _list,
                ["ROLLOUT_WORKERS"] = "worker-1",
                ["ROLLOUT_SECONDS"] = "0",
                ["ASKED"] = PathOf("asked"),
                ["FAILS"] = fails,
            }
        );
        return await rollout.WaitForExitAsync(Ct);
    }
}
