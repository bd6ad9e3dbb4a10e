using System.Globalization;
using FlowChat.Json;
using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>Reads a thread, page by page, in the order (WhatsApp's time, arrival).</summary>
internal sealed class MessageQuery(Database database)
{
    private const string Asked =
        "coalesce((select conversation_id from joined_conversations where id = $1), $1)";

    private const string Exists =
        "select exists (select from conversations where id = " + Asked + ")";

    private const string Before =
        "select "
        + MessageRow.Columns
        + """

            from messages m
            where m.conversation_id =
            """
        + " "
        + Asked
        + """
             and ($2::timestamptz is null or (m.sent_at, m.arrival) < ($2, $3))
            order by m.sent_at desc, m.arrival desc
            limit $4
            """;

    private const string After =
        "select "
        + MessageRow.Columns
        + """

            from messages m
            where m.conversation_id =
            """
        + " "
        + Asked
        + """
             and (m.sent_at, m.arrival) > ($2, $3)
            order by m.sent_at, m.arrival
            limit $4
            """;

    /// <returns>Oldest to newest; null = there is no such conversation.</returns>
    public async Task<PageOf<MessageView>?> ReadPageAsync(
        Guid tenantId,
        Guid conversationId,
        Cursor? before,
        Cursor? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var seq = await transaction.ReadSeqAsync(cancellationToken);
        var from = after ?? before;
        NpgsqlParameter[] parameters =
        [
            Value(conversationId),
            Value(from?.At),
            Value(
                from is { } place
                    ? long.Parse(place.Tie, CultureInfo.InvariantCulture)
                    : (long?)null
            ),
            Value(limit + 1),
        ];
        var views = await transaction.ReadAsync(
            after is null ? Before : After,
            parameters,
            row => MessageRow.Read(row).ToView(),
            cancellationToken
        );
        if (
            views.Count == 0
            && (
                await transaction.ReadAsync(
                    Exists,
                    [Value(conversationId)],
                    row => row.GetBoolean(0),
                    cancellationToken
                )
            )
                is not [true]
        )
        {
            return null;
        }
        var more = views.Count > limit;
        if (more)
        {
            views.RemoveAt(limit);
        }
        if (after is null)
        {
            views.Reverse();
        }
        var edge = after is null ? views.FirstOrDefault() : views.LastOrDefault();
        return new(views, more && edge is not null ? CursorOf(edge).ToString() : null, seq);
    }

    private static Cursor CursorOf(MessageView view) =>
        new(view.SentAt, view.Arrival.ToString(CultureInfo.InvariantCulture));
}
