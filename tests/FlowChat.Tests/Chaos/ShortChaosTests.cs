using FlowChat.Testing;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Chaos;

/// <summary>./dev chaos for some seconds: the whole system behind nginx, and nothing lost.</summary>
public sealed class ShortChaosTests(ITestOutputHelper output)
{
    private static string Program =>
        Path.Combine(
            Checkout.Root,
            "artifacts",
            "bin",
            "FlowChat.Chaos",
            new DirectoryInfo(AppContext.BaseDirectory).Name,
            "FlowChat.Chaos"
        );

    [Theory(Timeout = 600_000)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public async Task Nothing_is_lost(int scenario)
    {
        await using var chaos = ChildProcess.Start(
            Program,
            ["--scenario", $"{scenario}", "--minutes", "0.25"],
            new Dictionary<string, string>()
        );

        var exitCode = await chaos.WaitForExitAsync(TestContext.Current.CancellationToken);

        // With the seed, which plays its choices again.
        var said = string.Join('\n', chaos.Output.All);
        output.WriteLine(said);
        Assert.True(exitCode == 0, said);
    }
}
