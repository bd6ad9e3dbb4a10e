using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Settings;

public sealed class WrongSettingsTests
{
    [Theory]
    [InlineData]
    [InlineData("serve")]
    [InlineData("admin", "create-tenant", "--name", "Acme", "--email", "ana@example.com")]
    public async Task The_program_prints_every_error_and_ends_with_1(params string[] arguments)
    {
        var data = Path.Combine(Path.GetTempPath(), $"flowchat-{Guid.CreateVersion7():N}");
        await using var program = ChildProcess.Start(
            FlowChatProcess.Program,
            arguments,
            new Dictionary<string, string>
            {
                ["FLOWCHAT_DATA"] = data,
                ["FLOWCHAT_PORT"] = "many",
                ["FLOWCHAT_BIND"] = "everywhere",
                ["DATABASE_URL"] = "nowhere",
                ["FLOWCHAT_WEBHOOK_SECONDS"] = "0",
            }
        );

        Assert.Equal(1, await program.WaitForExitAsync(TestContext.Current.CancellationToken));
        var said = program.Output.All;
        Assert.All(
            ["FLOWCHAT_PORT", "FLOWCHAT_BIND", "DATABASE_URL", "FLOWCHAT_WEBHOOK_SECONDS"],
            name =>
                Assert.Single(
                    said,
                    line => line.StartsWith($"  - {name} ", StringComparison.Ordinal)
                )
        );
        Assert.DoesNotContain(said, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.False(Directory.Exists(data));
    }
}
