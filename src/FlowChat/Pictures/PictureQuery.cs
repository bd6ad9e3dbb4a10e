using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Pictures;

/// <summary>Finds what the store has of a person's or a group's picture.</summary>
internal sealed class PictureQuery(Database database)
{
    private const string OfContact =
        "select picture_sha256, picture_type from contacts where id = $1 and picture_sha256 is not null";

    private const string OfGroup =
        "select picture_sha256, picture_type from groups where id = $1 and picture_sha256 is not null";

    private const string IsFrom =
        "select exists (select from groups where jid = $1 and picture_source = $2 and picture_sha256 is not null)";

    public Task<StoredPicture?> FindContactAsync(
        Guid tenantId,
        Guid id,
        CancellationToken cancellationToken
    ) => FindAsync(tenantId, OfContact, id, cancellationToken);

    public Task<StoredPicture?> FindGroupAsync(
        Guid tenantId,
        Guid id,
        CancellationToken cancellationToken
    ) => FindAsync(tenantId, OfGroup, id, cancellationToken);

    /// <summary>Whether a group shows already what WhatsApp has there.</summary>
    public async Task<bool> HasAsync(
        Guid tenantId,
        string groupJid,
        string source,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            IsFrom,
            [Value(groupJid), Value(source)],
            row => row.GetBoolean(0),
            cancellationToken
        );
        return found is [true];
    }

    private async Task<StoredPicture?> FindAsync(
        Guid tenantId,
        string sql,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            sql,
            [Value(id)],
            row => new StoredPicture(row.GetString(0), row.GetString(1)),
            cancellationToken
        );
        return found.SingleOrDefault();
    }
}
