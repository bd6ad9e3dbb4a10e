using FlowChat.Instances;
using FlowChat.Messages;
using FlowChat.Storage;

namespace FlowChat.Media.Incoming;

/// <summary>A message's medium whose bytes aren't here.</summary>
/// <param name="View">What its message shows.</param>
/// <param name="MessageId">Its message.</param>
/// <param name="Sha256">Of bytes that came with the webhook: they are in the store.</param>
/// <param name="Source">Where they come from else.</param>
/// <param name="Instance">Null: the number was removed.</param>
internal sealed record PendingMedium(
    AttachmentView View,
    Guid MessageId,
    string? Sha256,
    MediaSource Source,
    Instance? Instance
)
{
    private const string Find =
        "select "
        + AttachmentRow.Columns
        + ", i.deleted_at is null, "
        + InstanceRow.Columns
        + """

            from attachments a
            join messages m on m.tenant_id = a.tenant_id and m.id = a.message_id
            join instances i on i.tenant_id = m.tenant_id and i.id = m.instance_id
            where a.id = $1 and a.state <> 'ready' and a.source is not null
            """;

    /// <returns>Null = it is here already, or its message is gone.</returns>
    public static async Task<PendingMedium?> FindAsync(
        Database database,
        Guid tenantId,
        Guid attachmentId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            Find,
            [SqlBatch.Value(attachmentId)],
            row =>
            {
                var attachment = AttachmentRow.Read(row);
                return new PendingMedium(
                    attachment.View,
                    attachment.MessageId!.Value,
                    attachment.Sha256,
                    MediaSource.Parse(attachment.Source!),
                    row.GetBoolean(AttachmentRow.ColumnCount)
                        ? InstanceRow.Read(row, AttachmentRow.ColumnCount + 1)
                        : null
                );
            },
            cancellationToken
        );
        return found.SingleOrDefault();
    }
}
