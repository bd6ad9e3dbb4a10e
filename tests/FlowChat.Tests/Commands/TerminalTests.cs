using FlowChat.Testing.Evolution;
using FlowChat.Testing.Servers;

namespace FlowChat.Tests.Commands;

/// <summary>The commands on a pseudo-terminal, as a person sees them.</summary>
public sealed class TerminalTests(QueueCommandTests.Impatient flowChat)
    : IClassFixture<QueueCommandTests.Impatient>
{
    private const string Escape = "\u001b[";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Watched_queues_are_drawn_again_each_second_in_a_frame()
    {
        await using var terminal = Open("queues --watch");

        var rows = await terminal.Output.WaitAsync(
            3,
            line => line.Contains("send_message", StringComparison.Ordinal),
            Ct
        );

        Assert.All(rows, row => Assert.Contains('│', row));
        Assert.Contains(
            terminal.Output.All,
            line => line.Contains($"{Escape}2J", StringComparison.Ordinal)
        );
    }

    [Fact(Timeout = 120_000)]
    public async Task A_requeue_shows_a_bar_that_fills()
    {
        await using var number = await flowChat.ConnectAsync(Ct);
        number.Gateway.Script.Always(Reply.Refused(Answer.Error(503, "Boom on a terminal")));
        var message = await number.SendAsync(await number.StartAsync(Ct), "Olá", Ct);
        await number.WaitAsync(message, "failed", Ct);
        number.Gateway.Script.Clear();

        await using var terminal = Open(
            $"dead-letters requeue {message.Id} --per-second 100 --yes"
        );
        var exit = await terminal.WaitForExitAsync(Ct);

        Assert.Equal(0, exit);
        var said = string.Join('\n', terminal.Output.All);
        Assert.Contains("━", said, StringComparison.Ordinal);
        Assert.Contains("100%", said, StringComparison.Ordinal);
        Assert.Contains(Escape, said, StringComparison.Ordinal);
        Assert.Contains("1 dead letter runs again.", said, StringComparison.Ordinal);
        await number.WaitAsync(message, "sent", Ct);
    }

    [Fact(Timeout = 120_000)]
    public async Task Through_a_pipe_there_are_no_colours_and_no_bars()
    {
        var lines = await FlowChatProcess.RunAsync(Settings(), Ct, "queues");

        Assert.Contains(lines, line => line.Contains("send_message", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains('\u001b') || line.Contains('│'));
    }

    /// <summary>util-linux's script gives it a terminal.</summary>
    private ChildProcess Open(string command) =>
        ChildProcess.Start(
            "/usr/bin/script",
            [
                "--quiet",
                "--return",
                "--flush",
                "--command",
                $"stty cols 200 rows 50; {FlowChatProcess.Program} {command}",
                "/dev/null",
            ],
            Settings()
        );

    private Dictionary<string, string> Settings() =>
        new()
        {
            ["DATABASE_URL"] = flowChat.ConnectionString,
            ["FLOWCHAT_MASTER_KEY"] = FlowChatServer.MasterKey,
            ["TERM"] = "xterm-256color",
        };
}
