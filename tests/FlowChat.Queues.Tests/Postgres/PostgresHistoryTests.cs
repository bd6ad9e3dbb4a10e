using Dapper;

namespace FlowChat.Queues.Tests.Postgres;

public sealed class PostgresHistoryTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_last_completed_and_failed_jobs_are_kept()
    {
        await using var store = await postgres.CreateStoreAsync();
        await using var bed = await QueueBed.MakeAsync(
            store,
            o => (o.CompletedHistory, o.FailedHistory) = (3, 2)
        );
        await bed.AddAsync([
            .. Enumerable.Range(0, 10).Select(n => bed.NewJob("a", payload: $"{n}")),
        ]);
        for (var n = 0; n < 10; n++)
            await bed.SettleAsync(
                await bed.ClaimOneAsync(),
                n % 2 == 0 ? JobOutcome.Done : JobOutcome.Dead("no")
            );

        await bed.RescueAsync();

        await using var connection = await store.DataSource.OpenConnectionAsync(
            TestContext.Current.CancellationToken
        );
        var kept = await connection.QueryAsync<string>(
            "select outcome || ' ' || payload::text from job_history order by no"
        );
        Assert.Equal(["completed 4", "completed 6", "failed 7", "completed 8", "failed 9"], kept);
    }
}
