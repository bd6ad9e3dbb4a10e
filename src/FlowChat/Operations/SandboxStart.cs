using FlowChat.Gateways.Sandbox;
using FlowChat.Instances;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Operations;

/// <summary>Gives a tenant without any number the sandbox, so that a newcomer sees the whole way.</summary>
internal sealed class SandboxStart(Database database, TenantWriter writer, TimeProvider clock)
{
    private const string HasInstances = "select exists (select from instances)";

    public async Task RunAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        if (await HasInstancesAsync(tenantId, cancellationToken))
        {
            return;
        }
        var instance = new Instance
        {
            Id = Guid.CreateVersion7(),
            Name = "Sandbox",
            Gateway = SandboxGateway.GatewayName,
            State = InstanceState.Open,
            CreatedAt = clock.GetStorableNow(),
        };
        await writer.WriteAsync(tenantId, new CreateInstance(instance), cancellationToken);
    }

    private async Task<bool> HasInstancesAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        await using var command = new NpgsqlCommand(
            HasInstances,
            transaction.Connection,
            transaction.Transaction
        );
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
