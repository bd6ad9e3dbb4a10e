using FlowChat.Media.Incoming;
using FlowChat.Media.Store;
using FlowChat.Queues;
using FlowChat.Storage;

namespace FlowChat.Media;

/// <summary>Removes uploads that nobody sent within a day and bytes that no row names, and says of media whose jobs are over that they aren't coming.</summary>
internal sealed class MediaUpkeep(
    Database database,
    MediaLibrary library,
    MediaSpool spool,
    OrphanedMedia orphans,
    TenantWriter writer,
    MediaStoreAlarm alarm
)
{
    private const int Slice = 500;

    private const string FindUnsent = """
        select tenant_id, id, sha256 from attachments
        where message_id is null and created_at < now() - interval '1 day'
        order by created_at limit $1
        """;

    // A worker that was killed at its last attempt had no time to say so.
    private const string FindStranded =
        "select "
        + AttachmentRow.Columns
        + """
            , a.tenant_id
            from attachments a
            left join jobs j on j.tenant_id = a.tenant_id and j.id = a.id
            where a.state = 'pending' and a.message_id is not null and a.created_at < now() - interval '1 minute'
              and (j.id is null or j.state = 'dead')
            order by a.created_at limit $1
            """;

    /// <returns>How many uploads and bytes were removed and media given up.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            spool.RemoveLeftovers();
            return await RemoveUnsentAsync(cancellationToken)
                + await GiveUpStrandedAsync(cancellationToken)
                + await orphans.RunOnceAsync(cancellationToken);
        }
        catch (MediaStoreException error)
        {
            alarm.Raise(error);
            return 0;
        }
    }

    private async Task<int> RemoveUnsentAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        List<(Guid TenantId, Guid Id, string Sha256)> slice;
        do
        {
            slice = [];
            await using (
                var connection = await database.Migrator.OpenConnectionAsync(cancellationToken)
            )
            {
                await using var batch = new SqlBatch(connection);
                batch.Read(
                    FindUnsent,
                    row => slice.Add((row.GetGuid(0), row.GetGuid(1), row.GetString(2))),
                    SqlBatch.Value(Slice)
                );
                await batch.RunAsync(cancellationToken);
            }
            foreach (var (tenantId, id, sha256) in slice)
            {
                await library.RemoveUnsentAsync(tenantId, id, sha256, cancellationToken);
            }
            removed += slice.Count;
        } while (slice.Count == Slice);
        return removed;
    }

    private async Task<int> GiveUpStrandedAsync(CancellationToken cancellationToken)
    {
        var stranded = new List<(Guid TenantId, AttachmentRow Attachment)>();
        await using (
            var connection = await database.Migrator.OpenConnectionAsync(cancellationToken)
        )
        {
            await using var batch = new SqlBatch(connection);
            batch.Read(
                FindStranded,
                row =>
                    stranded.Add((row.GetGuid(AttachmentRow.ColumnCount), AttachmentRow.Read(row))),
                SqlBatch.Value(Slice)
            );
            await batch.RunAsync(cancellationToken);
        }
        foreach (var (tenantId, attachment) in stranded)
        {
            var view = attachment.View with
            {
                State = AttachmentState.Unavailable,
                Reason = "Nobody could fetch it.",
                ReasonCode = MediaLoss.GatewayError,
            };
            var messageId = attachment.MessageId!.Value;
            await writer.WriteAsync(
                tenantId,
                new FinishMedia(messageId, view, attachment.Sha256, lease: null, JobOutcome.Done),
                cancellationToken
            );
        }
        return stranded.Count;
    }
}
