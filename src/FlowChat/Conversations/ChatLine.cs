using FlowChat.Contacts;
using FlowChat.Instances;
using FlowChat.Storage;

namespace FlowChat.Conversations;

/// <summary>Which number reaches whom.</summary>
/// <param name="Instance">The number.</param>
/// <param name="Jid">The chat's; null = it has none.</param>
internal sealed record ChatLine(Instance Instance, string? Jid)
{
    /// <summary>Of the conversation c, its group g and its number i.</summary>
    public static readonly string JidColumn =
        $"coalesce(g.jid, {ContactJid.For("c.contact_id", "i.gateway")})";

    private static readonly string Find = $"""
        select {InstanceRow.Columns}, {JidColumn}
        from conversations c
        join instances i on i.tenant_id = c.tenant_id and i.id = c.instance_id and i.deleted_at is null
        left join groups g on g.tenant_id = c.tenant_id and g.id = c.group_id
        where c.id = {KnownConversation.Id}
        """;

    /// <returns>Null = there is no such conversation, or its number was removed.</returns>
    public static async Task<ChatLine?> FindAsync(
        TenantTransaction transaction,
        Guid conversationId,
        CancellationToken cancellationToken
    )
    {
        var found = await transaction.ReadAsync(
            Find,
            [SqlBatch.Value(conversationId)],
            row => new ChatLine(InstanceRow.Read(row), row.TextOrNull(InstanceRow.ColumnCount)),
            cancellationToken
        );
        return found.SingleOrDefault();
    }
}
