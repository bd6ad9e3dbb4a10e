using System.Text.Json;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Media;

/// <summary>An attachment in its conversation's gallery.</summary>
public sealed record SharedAttachment(
    AttachmentView Attachment,
    Guid MessageId,
    DateTimeOffset SentAt
)
{
    internal static SharedAttachment Read(NpgsqlDataReader row) =>
        new(
            JsonSerializer.Deserialize<List<AttachmentView>>(
                row.GetString(0),
                FlowChatJson.Options
            )![0],
            row.GetGuid(1),
            row.Time(2)
        );
}
