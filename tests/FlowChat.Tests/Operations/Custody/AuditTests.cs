using System.CommandLine;
using FlowChat.Commands;

namespace FlowChat.Tests.Operations.Custody;

/// <summary>flowchat audit for people, where no worker moves anything meanwhile.</summary>
public sealed class AuditTests(SendingFlowChat.WithoutWorkers inbox)
    : IClassFixture<SendingFlowChat.WithoutWorkers>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_audit_says_where_work_is_and_names_what_is_nowhere()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        var first = await number.SendAsync(conversation, "1", Ct);
        await number.SendAsync(conversation, "2", Ct);

        var (exit, said) = await AuditAsync();

        Assert.Equal(0, exit);
        Assert.Equal("queue waiting in lane delayed parked running dead", said[0]);
        Assert.Contains("send_message 1 1 0 0 0 0", said);
        Assert.Equal("0 strays", said[^1]);

        await number.ExecuteAsync(
            """
            update jobs
            set state = 'leased', lease_token = gen_random_uuid(), lease_until = now() - interval '3 min'
            where id = @Id
            """,
            new { first.Id }
        );
        (exit, said) = await AuditAsync();

        Assert.Equal(1, exit);
        Assert.Contains("send_message 0 1 0 0 1 0", said);
        Assert.Equal([$"STRAY old_lease {first.Id} of send_message", "1 stray"], said[^2..]);
    }

    /// <summary>Its lines, with one space between two words.</summary>
    private async Task<(int Exit, string[] Said)> AuditAsync()
    {
        var output = new StringWriter();
        var exit = await AuditCommand
            .Build(_ => Task.FromResult(inbox.Server.Services))
            .Parse([])
            .InvokeAsync(new InvocationConfiguration { Output = output }, Ct);
        var lines = output
            .ToString()
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return (
            exit,
            [
                .. lines.Select(line =>
                    string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                ),
            ]
        );
    }
}
