using FlowChat.Operations.Work;
using FlowChat.Storage;
using FlowChat.Testing.Servers;
using FlowChat.Tests.Storage;

namespace FlowChat.Tests.Operations.Work;

/// <summary>The figures while the database is away.</summary>
public sealed class WorkBoardTests(SharedPostgres postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Without_the_database_the_last_figures_are_told_as_such()
    {
        await using var flowChat = await DistantFlowChat.StartAsync(postgres);
        var (server, network) = (flowChat.Server, flowChat.Network);
        var board = server.Get<WorkBoard>();
        var fresh = await board.ReadAsync(Ct);

        network.Fault = NetworkFault.Stalled;
        var stale = await board.ReadAsync(Ct);
        network.Fault = NetworkFault.None;

        Assert.False(fresh.Stale);
        Assert.True(stale.Stale);
        Assert.Equal((fresh.Timestamp, fresh.Queues), (stale.Timestamp, stale.Queues));
        Assert.Equal("database", stale.Alerts[0].Code);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_any_figures_it_says_that_the_database_is_away()
    {
        await using var flowChat = await DistantFlowChat.StartAsync(postgres);
        var (server, network) = (flowChat.Server, flowChat.Network);
        network.Fault = NetworkFault.Stalled;

        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            server.Get<WorkBoard>().ReadAsync(Ct)
        );

        network.Fault = NetworkFault.None;
    }
}
