using FlowChat.Storage;

namespace FlowChat.Media;

/// <summary>Finds what the store has of an attachment.</summary>
internal sealed class StoredMedia(Database database)
{
    private const string Find = """
        select id, kind, mime_type, file_name, size_bytes, sha256 from attachments
        where id = $1 and state = 'ready'
        """;

    /// <returns>Null: it isn't there, or not yet.</returns>
    public async Task<StoredMedium?> FindAsync(
        Guid tenantId,
        Guid attachmentId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            Find,
            [SqlBatch.Value(attachmentId)],
            row => new StoredMedium(
                row.GetGuid(0),
                row.GetString(1),
                row.GetString(2),
                row.TextOrNull(3),
                row.GetInt64(4),
                row.GetString(5)
            ),
            cancellationToken
        );
        return found.SingleOrDefault();
    }
}
