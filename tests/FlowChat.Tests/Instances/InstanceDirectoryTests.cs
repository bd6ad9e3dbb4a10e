using FlowChat.Instances;
using FlowChat.Storage;
using FlowChat.Tests.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace FlowChat.Tests.Instances;

public sealed class InstanceDirectoryTests(RunningFlowChat flowChat)
    : IClassFixture<RunningFlowChat>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_id_that_is_unknown_is_asked_for_again_after_a_second_and_not_before()
    {
        var database = flowChat.Services.GetRequiredService<Database>();
        var clock = new FakeClock();
        using var directory = Directory(clock);
        var id = Guid.CreateVersion7();
        Assert.Null(await directory.FindAsync(id, fresh: false, Ct));

        await AddAsync(database, id);

        Assert.Null(await directory.FindAsync(id, fresh: true, Ct));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(id, (await directory.FindAsync(id, fresh: false, Ct))?.Id);
    }

    [Fact]
    public async Task A_flood_of_unknown_ids_is_answered()
    {
        using var directory = Directory(TimeProvider.System);

        var found = await Task.WhenAll(
            Enumerable
                .Range(0, 2_000)
                .Select(_ => directory.FindAsync(Guid.CreateVersion7(), fresh: false, Ct).AsTask())
        );

        Assert.All(found, Assert.Null);
    }

    private InstanceDirectory Directory(TimeProvider clock) =>
        ActivatorUtilities.CreateInstance<InstanceDirectory>(flowChat.Services, clock);

    // Another node's work: nothing in this process is told of it.
    private static async Task AddAsync(Database database, Guid id)
    {
        await using var command = database.Migrator.CreateCommand(
            """
            insert into instances (tenant_id, id, name, gateway, state)
            select tenant_id, $1, name, gateway, state from instances limit 1
            """
        );
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(Ct);
    }
}
