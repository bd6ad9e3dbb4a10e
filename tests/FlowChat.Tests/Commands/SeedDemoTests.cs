using System.CommandLine;
using FlowChat.Commands;
using FlowChat.Operations.Demo;

namespace FlowChat.Tests.Commands;

public sealed class SeedDemoTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_time_changes_nothing()
    {
        await using var server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            workers: false
        );
        var all = DemoConversation.All.Sum(conversation => conversation.Lines.Count);

        var first = await RunAsync(server);
        var seen = await server.Client.EventsAsync(0, Ct);
        var second = await RunAsync(server);

        Assert.Equal((0, $"{all} messages written, 0 were there\n"), first);
        Assert.Equal((0, $"0 messages written, {all} were there\n"), second);
        Assert.Equal(seen.LastSeq, (await server.Client.EventsAsync(0, Ct)).LastSeq);
        var inbox = await server.Client.ConversationsAsync(Ct);
        Assert.Equal(
            DemoConversation.All.Select(conversation => conversation.Name),
            inbox.Items.Select(conversation => conversation.Contact!.Name)
        );
    }

    [Fact]
    public async Task A_tenant_that_is_not_there_is_refused()
    {
        await using var server = await FlowChatServer.StartAsync(
            await postgres.CreateDatabaseAsync(),
            workers: false
        );

        var (exitCode, said) = await RunAsync(server, "--tenant", "Nobody");

        Assert.Equal((1, "Name one tenant with --tenant, by its name or id.\n"), (exitCode, said));
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(
        FlowChatServer server,
        params string[] arguments
    )
    {
        using var output = new StringWriter();
        var exitCode = await SeedDemoCommand
            .Build(_ => Task.FromResult(server.Services))
            .Parse(arguments)
            .InvokeAsync(
                new InvocationConfiguration { Output = output, Error = output },
                TestContext.Current.CancellationToken
            );
        return (exitCode, output.ToString());
    }
}
