using FlowChat.Storage;

namespace FlowChat.Conversations;

/// <summary>The conversation that a caller names, be it by the id of one that was joined into it.</summary>
internal static class KnownConversation
{
    /// <summary>In SQL, of the id in $1.</summary>
    public const string Id =
        "coalesce((select conversation_id from joined_conversations where id = $1), $1)";

    private const string Exists = "select exists (select from conversations where id = " + Id + ")";

    public static async Task<bool> ExistsAsync(
        TenantTransaction transaction,
        Guid id,
        CancellationToken cancellationToken
    ) =>
        await transaction.ReadAsync(
            Exists,
            [SqlBatch.Value(id)],
            row => row.GetBoolean(0),
            cancellationToken
        )
            is [true];
}
