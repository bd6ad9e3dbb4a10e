using FlowChat.Testing;
using FlowChat.Testing.Api;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.EndToEnd;

/// <summary>The program as the person at the terminal meets it.</summary>
public sealed class StartUpTests(SharedPostgres postgres) : IDisposable
{
    private const string ApiKey = "fck_tests_0123456789abcdef";

    // Open to the account that the server runs under when the tests run as root.
    private readonly DirectoryInfo _data = Directory.CreateDirectory(
        $"/tmp/flowchat-test-{Path.GetRandomFileName()}"
    );

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Two_on_one_data_folder_share_its_database_and_the_last_one_stops_it()
    {
        await using var first = await FlowChatProcess.StartAsync(Embedded(), Ct);
        await using var second = await FlowChatProcess.StartAsync(Embedded(), Ct, "serve");
        using var firstClient = new FlowChatClient(first.BaseUrl, ApiKey);
        using var secondClient = new FlowChatClient(second.BaseUrl, ApiKey);
        var instances = await firstClient.GetAsync<Page<Instance>>("/api/instances", Ct);

        var conversation = await firstClient.PostAsync<Conversation>(
            "/api/conversations",
            new { InstanceId = instances.Items[0].Id, Phone = "+55 11 98765-4321" },
            Ct
        );

        Assert.NotEqual(first.BaseUrl, second.BaseUrl);
        Assert.Equal(
            conversation.Id,
            Assert.Single((await secondClient.ConversationsAsync(Ct)).Items).Id
        );
        Assert.Equal(0, await first.StopAsync(Ct));
        Assert.True(File.Exists(PidFile));
        Assert.Single((await secondClient.ConversationsAsync(Ct)).Items);
        Assert.Equal(0, await second.StopAsync(Ct));
        Assert.False(File.Exists(PidFile));
    }

    [Fact(Timeout = 120_000)]
    public async Task After_a_kill_it_starts_again_on_what_was_left_and_stops_it()
    {
        await using var flowChat = await FlowChatProcess.StartAsync(Embedded(), Ct);
        var server = await File.ReadAllTextAsync(PidFile, Ct);

        await flowChat.KillAsync(Ct);
        await flowChat.StartAgainAsync(Ct);

        Assert.Equal(server, await File.ReadAllTextAsync(PidFile, Ct));
        using var client = new FlowChatClient(flowChat.BaseUrl, ApiKey);
        Assert.Empty((await client.ConversationsAsync(Ct)).Items);
        Assert.Equal(0, await flowChat.StopAsync(Ct));
        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_its_setting()
    {
        var settings = Embedded();
        settings["DATABASE_URL"] = await postgres.CreateDatabaseAsync();
        await using var first = await FlowChatProcess.StartAsync(settings, Ct);
        settings["FLOWCHAT_PORT"] = $"{first.BaseUrl.Port}";

        var (exitCode, said) = await RunAsync(settings, "serve");

        Assert.Equal(1, exitCode);
        Assert.Contains(
            $"FLOWCHAT_PORT is {first.BaseUrl.Port}, where another program listens",
            said,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_a_sentence()
    {
        var settings = Embedded();
        settings["DATABASE_URL"] = await postgres.CreateDatabaseAsync() + ";Database=nowhere";

        var (exitCode, said) = await RunAsync(settings, "serve");

        Assert.Equal(1, exitCode);
        Assert.Contains("\"nowhere\" does not exist", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_server_that_does_not_answer_is_waited_for_and_named()
    {
        var settings = Embedded();
        settings["DATABASE_URL"] = "postgres://flowchat@127.0.0.1:9/flowchat";
        await using var flowChat = ChildProcess.Start(FlowChatProcess.Program, ["serve"], settings);

        var line = await flowChat.WaitForLineAsync(
            said => said.Contains("Waiting for the database", StringComparison.Ordinal),
            Ct
        );

        Assert.Contains("127.0.0.1:9", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "--no-workers", "serve", "--help")]
    [InlineData(0, "admin", "--help")]
    [InlineData(1, "'dance'", "dance")]
    [InlineData(1, "'--fast'", "serve", "--fast")]
    public async Task Help_is_shown_when_asked_for_and_when_a_command_is_unknown(
        int expectedExitCode,
        string expected,
        params string[] arguments
    )
    {
        var (exitCode, said) = await RunAsync(Embedded(), arguments);

        Assert.Equal(expectedExitCode, exitCode);
        Assert.Contains("Usage:", said, StringComparison.Ordinal);
        Assert.Contains(expected, said, StringComparison.Ordinal);
    }

    public void Dispose() => _data.Delete(recursive: true);

    private string PidFile => Path.Combine(_data.FullName, "postgres", "postmaster.pid");

    private Dictionary<string, string> Embedded() =>
        new(StringComparer.Ordinal)
        {
            ["FLOWCHAT_DATA"] = _data.FullName,
            ["FLOWCHAT_ADMIN_API_KEY"] = ApiKey,
            ["FLOWCHAT_POSTGRES"] = Checkout.PostgresFolder(),
            ["FLOWCHAT_PORT"] = "0",
            ["DATABASE_URL"] = "",
        };

    private static async Task<(int ExitCode, string Said)> RunAsync(
        Dictionary<string, string> settings,
        params string[] arguments
    )
    {
        await using var command = ChildProcess.Start(FlowChatProcess.Program, arguments, settings);
        var exitCode = await command.WaitForExitAsync(Ct);
        return (exitCode, string.Join('\n', command.Output.All));
    }
}
