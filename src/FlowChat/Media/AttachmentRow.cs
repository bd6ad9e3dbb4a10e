using System.Text.Json;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Media;

/// <summary>An attachment as its row has it.</summary>
/// <param name="View">What its message shows.</param>
/// <param name="MessageId">None while it is uploaded and not sent yet.</param>
/// <param name="Sha256">The name of its bytes in the store, where they are there.</param>
/// <param name="Source">Where its bytes come from, in the gateway's words.</param>
internal sealed record AttachmentRow(
    AttachmentView View,
    Guid? MessageId,
    string? Sha256,
    string? Source
)
{
    public const string ViewColumns =
        "a.id, a.kind, a.mime_type, a.file_name, a.size_bytes, a.state, a.reason, a.facts::text";

    public const string Columns = ViewColumns + ", a.message_id, a.sha256, a.source::text";

    public const int ColumnCount = 11;

    public static AttachmentRow Read(NpgsqlDataReader row) =>
        new(ReadView(row), row.GuidOrNull(8), row.TextOrNull(9), row.TextOrNull(10));

    public static AttachmentView ReadView(NpgsqlDataReader row)
    {
        var facts = row.IsDBNull(7)
            ? null
            : JsonSerializer.Deserialize<AttachmentFacts>(row.GetString(7), FlowChatJson.Options);
        return new()
        {
            Id = row.GetGuid(0),
            Kind = row.GetString(1),
            MimeType = row.GetString(2),
            FileName = row.TextOrNull(3),
            SizeBytes = row.IsDBNull(4) ? null : row.GetInt64(4),
            State = row.GetString(5),
            Reason = row.TextOrNull(6),
            ReasonCode = facts?.ReasonCode,
            Width = facts?.Width,
            Height = facts?.Height,
            DurationSeconds = facts?.DurationSeconds,
            Waveform = facts?.Waveform,
        };
    }

    /// <summary>What is known of a medium besides its type, size and state, as its row keeps it.</summary>
    public static string FactsOf(AttachmentView view) =>
        JsonSerializer.Serialize(
            new AttachmentFacts(
                view.Width,
                view.Height,
                view.DurationSeconds,
                view.Waveform,
                view.ReasonCode
            ),
            FlowChatJson.Options
        );

    private sealed record AttachmentFacts(
        int? Width,
        int? Height,
        double? DurationSeconds,
        IReadOnlyList<int>? Waveform,
        string? ReasonCode
    );
}
