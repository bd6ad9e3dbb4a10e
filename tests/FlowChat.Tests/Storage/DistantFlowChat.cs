using System.Net;
using FlowChat.Testing.Servers;
using Npgsql;

namespace FlowChat.Tests.Storage;

/// <summary>A FlowChat without workers, whose way to its database can be cut.</summary>
internal sealed class DistantFlowChat : IAsyncDisposable
{
    private DistantFlowChat(FlowChatServer server, FaultProxy network) =>
        (Server, Network) = (server, network);

    public FlowChatServer Server { get; }

    public FaultProxy Network { get; }

    public static async Task<DistantFlowChat> StartAsync(SharedPostgres postgres)
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        var port = new NpgsqlConnectionStringBuilder(connectionString).Port;
        var network = FaultProxy.Start(new IPEndPoint(IPAddress.Loopback, port));
        var server = await FlowChatServer.StartAsync(
            PostgresServer.OverTcp(connectionString, network.Port),
            workers: false
        );
        return new(server, network);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Network.DisposeAsync();
    }
}
