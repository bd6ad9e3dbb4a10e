using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.RabbitMq;

public sealed class RabbitMqLedgerConformance(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    : QueueConformance
{
    protected override async Task<IQueueStore> CreateStoreAsync() =>
        await rabbitMq.CreateLedgerAsync(postgres);
}
