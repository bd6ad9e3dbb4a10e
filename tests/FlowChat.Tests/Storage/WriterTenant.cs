using FlowChat.Accounts;
using FlowChat.Contacts;
using FlowChat.Inbound;
using FlowChat.Instances;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Tests.Storage;

/// <summary>A tenant with a number, and messages for the writers of any node.</summary>
internal sealed class WriterTenant
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 10, 31, 0, TimeSpan.Zero);

    private WriterTenant(Guid id, Guid instanceId) => (Id, InstanceId) = (id, instanceId);

    public Guid Id { get; }

    public Guid InstanceId { get; }

    public static async Task<WriterTenant> CreateAsync(FlowChatServer node, CancellationToken ct)
    {
        var tenant = new NewTenant("Acme", $"{Guid.CreateVersion7():N}@example.com", "Ana", "x");
        await using (var connection = await node.Get<Database>().Migrator.OpenConnectionAsync(ct))
        {
            await tenant.InsertAsync(connection, ct);
        }
        var instance = new Instance
        {
            Id = Guid.CreateVersion7(),
            Name = "Loja",
            Gateway = "sandbox",
            State = InstanceState.Open,
            CreatedAt = At,
        };
        await node.Get<TenantWriter>()
            .WriteAsync(tenant.TenantId, new CreateInstance(instance), ct);
        return new(tenant.TenantId, instance.Id);
    }

    public ReceiveMessage Message(string waId, params Identity[] from) =>
        new(Text(waId) with { Chat = from });

    public ReceiveMessage InGroup(string waId, string jid, params Identity[] from) =>
        new(Text(waId) with { GroupJid = jid, Sender = from });

    public ReceiveMessage Typed(string waId, Identity to, string status = MessageStatus.Sent) =>
        new(Text(waId) with { Chat = [to], FromMe = true, Status = status });

    /// <summary>What the gateway tells of a send through its API.</summary>
    public ReceiveMessage Echo(string waId, Identity to) =>
        new(Text(waId) with { Chat = [to], FromMe = true, IsEcho = true });

    private InboundMessage Text(string waId) =>
        new()
        {
            InstanceId = InstanceId,
            WaId = waId,
            FromMe = false,
            IsEcho = false,
            Type = MessageType.Text,
            Text = waId,
            SentAt = At,
        };
}
