using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;

namespace FlowChat.Queues.Tests.RabbitMq;

public sealed class RabbitMqLedgerConformance(PostgresFixture postgres, RabbitMqFixture rabbitMq)
    : QueueConformance
{
    protected override async Task<IQueueStore> CreateStoreAsync() =>
        await rabbitMq.CreateLedgerAsync(postgres);
}

/// <summary>The same promises when every claim goes through RabbitMQ's messages.</summary>
public sealed class RabbitMqLedgerEntryConformance(
    PostgresFixture postgres,
    RabbitMqFixture rabbitMq,
    RabbitMqPrefix names
) : QueueConformance, IClassFixture<RabbitMqPrefix>
{
    protected override async Task<IQueueStore> CreateStoreAsync() =>
        new EntryStore(await rabbitMq.CreateLedgerAsync(postgres, names.Prefix));
}

/// <summary>
/// The queues of one class: RabbitMQ takes its time to make some. Names that a test leaves behind have no rows in the
/// next one's database, and are let go.
/// </summary>
public sealed class RabbitMqPrefix
{
    public string Prefix { get; } = RabbitMqFixture.NewPrefix();
}
