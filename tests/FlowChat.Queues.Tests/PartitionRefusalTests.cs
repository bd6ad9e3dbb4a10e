using FlowChat.Queues.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Queues.Tests.RabbitMq;
using Microsoft.Extensions.Logging.Abstractions;

namespace FlowChat.Queues.Tests;

/// <summary>Only Redis divides a queue: the others say so before they start.</summary>
public sealed class PartitionRefusalTests(PostgresFixture postgres, RabbitMqFixture rabbitMq)
{
    private readonly QueueOptions divided = new() { Name = "work", Partitions = 2 };

    [Fact]
    public async Task PostgreSQL_has_no_partitions()
    {
        await using var rows = await postgres.CreateStoreAsync();

        await RefusesAsync(rows.Open());
    }

    [Fact]
    public async Task RabbitMQ_has_none_either_also_where_it_carries_rows()
    {
        await using var rows = await postgres.CreateStoreAsync();
        var broker = await rabbitMq.OpenAsync(RabbitMqFixture.NewPrefix());
        await using var ledger = new LedgerQueueBackend(
            rows.OpenPostgres(),
            [new LedgerBroker(broker, _ => true)],
            TimeProvider.System,
            NullLogger<LedgerQueueBackend>.Instance
        );

        await RefusesAsync(broker);
        await RefusesAsync(ledger);
    }

    private async Task RefusesAsync(IQueueBackend backend) =>
        await Assert.ThrowsAsync<NotSupportedException>(async () =>
            await backend.PrepareAsync(divided, TestContext.Current.CancellationToken)
        );
}
