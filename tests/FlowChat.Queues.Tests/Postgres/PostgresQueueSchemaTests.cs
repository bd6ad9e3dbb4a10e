using FlowChat.Queues.Postgres;

namespace FlowChat.Queues.Tests.Postgres;

public sealed class PostgresQueueSchemaTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_made_once_however_often_and_by_however_many_it_is_asked_for()
    {
        await using var store = await postgres.CreateStoreAsync();
        await using var bed = await QueueBed.MakeAsync(store);
        var job = await bed.AddAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => PostgresQueueSchema.CreateAsync(store.DataSource, Ct))
        );

        Assert.Equal(job.Id, (await bed.ClaimOneAsync()).Lease.JobId);
    }

    [Fact]
    public async Task Processes_that_start_together_on_an_empty_schema_make_it_once()
    {
        await using var store = await postgres.CreateStoreAsync();
        await using (
            var drop = store.DataSource.CreateCommand(
                "drop schema public cascade; create schema public"
            )
        )
            await drop.ExecuteNonQueryAsync(Ct);

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => PostgresQueueSchema.CreateAsync(store.DataSource, Ct))
        );

        await using var bed = await QueueBed.MakeAsync(store);
        await bed.AddAsync();
        await bed.ClaimOneAsync();
    }
}
