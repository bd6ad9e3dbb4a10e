using Dapper;
using FlowChat.Storage;

namespace FlowChat.Tests.Messages;

/// <summary>The database can't take a send's claim for a while: its rows are locked, or it is away.</summary>
public sealed class HeldClaimTests(SendingFlowChat inbox) : IClassFixture<SendingFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task It_costs_no_attempt_and_the_send_goes_out_afterwards()
    {
        await using var number = await inbox.ConnectAsync(Ct);
        var conversation = await number.StartAsync(Ct);
        await using var other = await inbox.Server.Get<Database>().Migrator.OpenConnectionAsync(Ct);
        await using var transaction = await other.BeginTransactionAsync(Ct);
        await other.ExecuteAsync(
            "select from instances where id = @Id for no key update",
            new { number.Instance.Id },
            transaction
        );

        var message = await number.SendAsync(conversation, "Olá", Ct);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await number.JobAsync(message))?.Reason is null)
            await timer.WaitForNextTickAsync(Ct);
        var held = await number.JobAsync(message);
        await transaction.RollbackAsync(Ct);

        Assert.Equal(0, held!.Attempt);
        await number.WaitAsync(message, "sent", Ct);
        Assert.Single(number.Gateway.Sent.All);
    }
}
