using FlowChat.Queues.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests.Postgres;

/// <summary>Only the server's clock counts.</summary>
public sealed class PostgresClockTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData(2)]
    [InlineData(-2)]
    public async Task A_process_with_a_wrong_clock_waits_leases_and_buries_by_the_servers(int hours)
    {
        var store = await postgres.CreateStoreAsync();
        await using var wrong = new PostgresQueueBackend(
            store.DataSource,
            new WrongClock(TimeSpan.FromHours(hours)),
            NullLogger<PostgresQueueBackend>.Instance
        );

        await WrongClock.AssertItDoesNotMatterAsync(store, wrong, movesWithTime: false);
    }
}
