using System.Text.Json;
using FlowChat.Inbound;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Media;

/// <summary>The attachments that a batch adds. Their messages show them; these rows know where the bytes are.</summary>
internal sealed class AttachmentSet
{
    private const string Insert = """
        insert into attachments (id, message_id, kind, mime_type, file_name, size_bytes, state, facts, source)
        select id, message_id, kind, mime_type, file_name, size_bytes, 'pending', facts::jsonb, source::jsonb
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[])
          as n (id, message_id, kind, mime_type, file_name, size_bytes, facts, source)
        """;

    private const string LockFree = """
        select id, kind, mime_type, file_name, size_bytes, facts from attachments
        where id = any($1) and message_id is null and state = 'ready'
        order by id
        for no key update
        """;

    private const string AttachRows = """
        update attachments a set message_id = n.message_id
        from unnest($1::uuid[], $2::uuid[]) as n (id, message_id)
        where a.id = n.id
        """;

    private readonly Dictionary<Guid, AttachmentView> _free = [];
    private readonly List<(AttachmentView View, Guid MessageId, string Source)> _new = [];
    private readonly List<(Guid Id, Guid MessageId)> _attached = [];

    public void Lock(SqlBatch batch, WorkKeys keys)
    {
        if (keys.Attachments.Count > 0)
        {
            batch.Read(
                LockFree,
                row => _free.Add(row.GetGuid(0), Read(row)),
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
        _new.Add((view, messageId, media.Source));
        return view;
    }

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
                Column(_new, a => Facts(a.View)),
                Column(_new, a => a.Source)
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

    private static AttachmentView Read(NpgsqlDataReader row)
    {
        var view = row.IsDBNull(5)
            ? null
            : JsonSerializer.Deserialize<AttachmentFacts>(row.GetString(5), FlowChatJson.Options);
        return new()
        {
            Id = row.GetGuid(0),
            Kind = row.GetString(1),
            MimeType = row.GetString(2),
            FileName = row.TextOrNull(3),
            SizeBytes = row.GetInt64(4),
            State = AttachmentState.Ready,
            Width = view?.Width,
            Height = view?.Height,
            DurationSeconds = view?.DurationSeconds,
            Waveform = view?.Waveform,
        };
    }

    private static string Facts(AttachmentView view) =>
        JsonSerializer.Serialize(
            new AttachmentFacts(view.Width, view.Height, view.DurationSeconds, view.Waveform),
            FlowChatJson.Options
        );
}

/// <summary>What is known of a medium besides its type and size.</summary>
internal sealed record AttachmentFacts(
    int? Width,
    int? Height,
    double? DurationSeconds,
    IReadOnlyList<int>? Waveform
);

internal static class AttachmentState
{
    public const string Pending = "pending";
    public const string Ready = "ready";
    public const string Unavailable = "unavailable";
}
