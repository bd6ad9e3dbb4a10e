using FlowChat.Contacts;
using FlowChat.Gateways;
using FlowChat.Media;
using FlowChat.Storage;

namespace FlowChat.Messages;

/// <summary>What a send takes along and its row doesn't have: its file, and the address of whom it answers in a group.</summary>
internal sealed class OutboundParts(Database database, StoredMedia media)
{
    private static readonly string FindJid = "select " + ContactJid.Of("$1");

    /// <returns>Null = its file is gone.</returns>
    public async Task<OutboundMessage?> AddAsync(
        Guid tenantId,
        StartSend.Call call,
        CancellationToken cancellationToken
    )
    {
        var message = call.Message;
        if (call.QuotedContactId is { } author)
        {
            var jid = await FindJidAsync(tenantId, author, cancellationToken);
            message = message with { ReplyTo = message.ReplyTo! with { Participant = jid } };
        }
        return call.AttachmentId is not { } id ? message
            : await media.FindAsync(tenantId, id, cancellationToken) is { } file
                ? message with
                {
                    Media = file,
                }
            : null;
    }

    private async Task<string?> FindJidAsync(
        Guid tenantId,
        Guid contactId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await transaction.ReadAsync(
            FindJid,
            [SqlBatch.Value(contactId)],
            row => row.TextOrNull(0),
            cancellationToken
        );
        return found.Single();
    }
}
