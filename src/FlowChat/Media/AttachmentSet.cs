using FlowChat.Inbound;
using FlowChat.Messages;
using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Media;

/// <summary>The attachments that a batch adds. Their messages show them; these rows know where the bytes are.</summary>
internal sealed class AttachmentSet
{
    private const string Insert = """
        insert into attachments (id, message_id, kind, mime_type, file_name, size_bytes, state, facts, source, sha256)
        select id, message_id, kind, mime_type, file_name, size_bytes, 'pending', facts::jsonb, source::jsonb, sha256
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[])
          as n (id, message_id, kind, mime_type, file_name, size_bytes, facts, source, sha256)
        """;

    private const string UpdateRows = """
        update attachments a
        set kind = n.kind, mime_type = n.mime_type, size_bytes = n.size_bytes, state = n.state, reason = n.reason,
            facts = n.facts::jsonb, sha256 = n.sha256
        from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
          as n (id, kind, mime_type, size_bytes, state, reason, facts, sha256)
        where a.id = n.id
        """;

    private const string LockFree =
        "select "
        + AttachmentRow.ViewColumns
        + """

            from attachments a
            where a.id = any($1) and a.message_id is null and a.state = 'ready'
            order by a.id
            for no key update
            """;

    private const string AttachRows = """
        update attachments a set message_id = n.message_id
        from unnest($1::uuid[], $2::uuid[]) as n (id, message_id)
        where a.id = n.id
        """;

    private readonly Dictionary<Guid, AttachmentView> _free = [];
    private readonly List<(AttachmentView View, Guid MessageId, InboundMedia Media)> _new = [];
    private readonly List<(AttachmentView View, string? Sha256)> _changed = [];
    private readonly List<(Guid Id, Guid MessageId)> _attached = [];

    public void Lock(SqlBatch batch, WorkKeys keys)
    {
        if (keys.Attachments.Count > 0)
        {
            batch.Read(
                LockFree,
                row => _free.Add(row.GetGuid(0), AttachmentRow.ReadView(row)),
                Value(keys.Attachments.ToArray())
            );
        }
    }

    /// <summary>One that was uploaded and is in no message yet.</summary>
    public AttachmentView? FindFree(Guid id) => _free.GetValueOrDefault(id);

    public void Attach(AttachmentView attachment, Guid messageId)
    {
        _free.Remove(attachment.Id);
        _attached.Add((attachment.Id, messageId));
    }

    /// <summary>A medium of a message that arrived; its bytes are still to be fetched.</summary>
    public AttachmentView Add(Guid messageId, InboundMedia media)
    {
        var view = new AttachmentView
        {
            Id = Guid.CreateVersion7(),
            Kind = media.Kind,
            MimeType = media.MimeType,
            FileName = media.FileName,
            SizeBytes = media.SizeBytes,
            State = AttachmentState.Pending,
            Width = media.Width,
            Height = media.Height,
            DurationSeconds = media.DurationSeconds,
            Waveform = media.Waveform,
        };
        _new.Add((view, messageId, media));
        return view;
    }

    /// <summary>Its bytes came, or won't. It changes under its message's conversation's lock, as its copy in the message does.</summary>
    public void Change(AttachmentView attachment, string? sha256) =>
        _changed.Add((attachment, sha256));

    public void Write(SqlBatch batch)
    {
        if (_new.Count > 0)
        {
            batch.Add(
                Insert,
                Column(_new, a => a.View.Id),
                Column(_new, a => a.MessageId),
                Column(_new, a => a.View.Kind),
                Column(_new, a => a.View.MimeType),
                Column(_new, a => a.View.FileName),
                Column(_new, a => a.View.SizeBytes),
                Column(_new, a => AttachmentRow.FactsOf(a.View)),
                Column(_new, a => a.Media.Source),
                Column(_new, a => a.Media.Sha256)
            );
        }
        if (_changed.Count > 0)
        {
            batch.Add(
                UpdateRows,
                Column(_changed, a => a.View.Id),
                Column(_changed, a => a.View.Kind),
                Column(_changed, a => a.View.MimeType),
                Column(_changed, a => a.View.SizeBytes),
                Column(_changed, a => a.View.State),
                Column(_changed, a => a.View.Reason),
                Column(_changed, a => AttachmentRow.FactsOf(a.View)),
                Column(_changed, a => a.Sha256)
            );
        }
        if (_attached.Count > 0)
        {
            batch.Add(
                AttachRows,
                Column(_attached, a => a.Id),
                Column(_attached, a => a.MessageId)
            );
        }
    }
}
