using Dapper;
using FlowChat.Contacts;
using FlowChat.Gateways.Sandbox;
using FlowChat.Inbound;
using FlowChat.Instances;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Operations.Demo;

/// <summary>
/// Writes the demo conversations the way a gateway's messages come, into a sandbox: under ids of their own, so that a
/// second time they are duplicates.
/// </summary>
internal sealed class DemoSeed(Database database, TenantWriter writer, TimeProvider clock)
{
    private const string FindSandbox = """
        select id from instances where gateway = 'sandbox' and deleted_at is null order by created_at, id limit 1
        """;

    /// <returns>How many messages were not there before.</returns>
    public async Task<int> RunAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var sandbox =
            await FindSandboxAsync(tenantId, cancellationToken)
            ?? await CreateSandboxAsync(tenantId, cancellationToken);
        var written = 0;
        foreach (var conversation in DemoConversation.All)
        {
            foreach (var message in Messages(conversation, sandbox))
            {
                var received = await writer.WriteAsync(
                    tenantId,
                    new ReceiveMessage(message),
                    cancellationToken
                );
                written += received == Received.Accepted ? 1 : 0;
            }
        }
        return written;
    }

    private async Task<Guid?> FindSandboxAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        return await transaction.Connection.QueryFirstOrDefaultAsync<Guid?>(
            new CommandDefinition(
                FindSandbox,
                transaction: transaction.Transaction,
                cancellationToken: cancellationToken
            )
        );
    }

    private async Task<Guid> CreateSandboxAsync(Guid tenantId, CancellationToken cancellationToken)
    {
        var instance = new Instance
        {
            Id = Guid.CreateVersion7(),
            Name = "Demo",
            Gateway = SandboxGateway.GatewayName,
            State = InstanceState.Open,
            CreatedAt = clock.GetStorableNow(),
        };
        await writer.WriteAsync(tenantId, new CreateInstance(instance), cancellationToken);
        return instance.Id;
    }

    private IEnumerable<InboundMessage> Messages(DemoConversation conversation, Guid sandbox)
    {
        var now = clock.GetUtcNow();
        for (var n = 0; n < conversation.Lines.Count; n++)
        {
            var (fromTeam, text) = conversation.Lines[n];
            yield return new InboundMessage
            {
                InstanceId = sandbox,
                WaId = $"DEMO{conversation.Phone}{n:00}",
                FromMe = fromTeam,
                IsEcho = false,
                Chat = [new(IdentityKind.Phone, conversation.Phone)],
                SenderName = fromTeam ? null : conversation.Name,
                Type = MessageType.Text,
                Text = text,
                SentAt = WhatsAppTime.Of(
                    now - conversation.LastAgo - TimeSpan.FromMinutes(conversation.Lines.Count - n)
                ),
            };
        }
    }
}
