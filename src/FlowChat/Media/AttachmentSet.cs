using System.Text.Json;
using FlowChat.Inbound;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Storage;
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

    private readonly List<(AttachmentView View, Guid MessageId, string Source)> _new = [];

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
    }

    private static string Facts(AttachmentView view) =>
        JsonSerializer.Serialize(
            new
            {
                view.Width,
                view.Height,
                view.DurationSeconds,
                view.Waveform,
            },
            FlowChatJson.Options
        );
}

internal static class AttachmentState
{
    public const string Pending = "pending";
    public const string Ready = "ready";
    public const string Unavailable = "unavailable";
}
