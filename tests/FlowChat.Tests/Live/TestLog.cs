using Dapper;
using FlowChat.Storage;
using FlowChat.Testing.Api;

namespace FlowChat.Tests.Live;

/// <summary>A node on a database of its own, whose log a test fills and trims.</summary>
public sealed class TestLog(SharedPostgres postgres) : IAsyncLifetime
{
    public FlowChatServer Node { get; private set; } = null!;
    public string ConnectionString { get; private set; } = "";
    public Instance Sandbox { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync();
        Node = await FlowChatServer.StartAsync(ConnectionString, workers: false);
        Sandbox = await Node.Client.PostAsync<Instance>(
            "/api/instances",
            new { Name = "Sandbox", Gateway = "sandbox" },
            CancellationToken.None
        );
    }

    /// <summary>One event each, by way of any node.</summary>
    public async Task WriteAsync(FlowChatServer node, int count, CancellationToken ct)
    {
        for (var i = 0; i < count; i++)
        {
            await node.Client.PostAsync<object>(
                $"/api/sandbox/{Sandbox.Id}/messages",
                new { Phone = "5511987654321", Text = "Oi" },
                ct
            );
        }
    }

    public async Task<long> LastSeqAsync(CancellationToken ct) =>
        (await Node.Client.EventsAsync(long.MaxValue, ct)).LastSeq;

    internal async Task<Guid> TenantIdAsync()
    {
        await using var connection = await Node.Get<Database>()
            .Migrator.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await connection.QuerySingleAsync<Guid>("select id from tenants");
    }

    internal async Task ExecuteAsync(string sql, object? arguments = null)
    {
        await using var connection = await Node.Get<Database>()
            .Migrator.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(sql, arguments);
    }

    /// <summary>A second node on the same database.</summary>
    public Task<FlowChatServer> StartNodeAsync() =>
        FlowChatServer.StartAsync(ConnectionString, workers: false);

    public ValueTask DisposeAsync() => Node.DisposeAsync();
}
