using FlowChat.Queues.RabbitMq;
using FlowChat.Queues.Tests.Ledger;
using FlowChat.Queues.Tests.Postgres;
using FlowChat.Testing.Servers;

[assembly: AssemblyFixture(typeof(FlowChat.Queues.Tests.RabbitMq.RabbitMqFixture))]

namespace FlowChat.Queues.Tests.RabbitMq;

/// <summary>One RabbitMQ for the run, started by the first who needs it.</summary>
public sealed class RabbitMqFixture : IAsyncDisposable
{
    private readonly RabbitMqServer server = new();
    private readonly Lazy<Task> started;

    public RabbitMqFixture() => started = new(() => server.StartAsync());

    public string Url => server.Url;

    /// <returns>Its address.</returns>
    public async Task<string> StartedAsync()
    {
        Assert.SkipUnless(RabbitMqServer.IsInstalled, RabbitMqServer.HowToInstall);
        await started.Value;
        return Url;
    }

    /// <summary>A backend on the queues of that prefix.</summary>
    public async Task<RabbitMqQueueBackend> OpenAsync(string prefix)
    {
        await StartedAsync();
        return Open(prefix);
    }

    public async Task<LedgerStore> CreateLedgerAsync(
        PostgresFixture postgres,
        string? onPrefix = null
    )
    {
        await StartedAsync();
        var prefix = onPrefix ?? NewPrefix();
        return new LedgerStore(await postgres.CreateStoreAsync(), () => Open(prefix));
    }

    /// <summary>One that no other test has.</summary>
    public static string NewPrefix() => $"{Guid.CreateVersion7():N}:";

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private RabbitMqQueueBackend Open(string prefix) =>
        new(RabbitMqUrl.Parse(server.Url), TimeProvider.System, prefix);
}
