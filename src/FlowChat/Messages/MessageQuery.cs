using FlowChat.Conversations;
using FlowChat.Json;
using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Messages;

/// <summary>Reads a thread, page by page, in the order (WhatsApp's time, arrival).</summary>
internal sealed class MessageQuery(Database database)
{
    private const string Before = $"""
        select {MessageRow.Columns}
        from messages m
        where m.conversation_id = {KnownConversation.Id}
          and ($2::timestamptz is null or (m.sent_at, m.arrival) < ($2, $3))
        order by m.sent_at desc, m.arrival desc
        limit $4
        """;

    private const string After = $"""
        select {MessageRow.Columns}
        from messages m
        where m.conversation_id = {KnownConversation.Id} and (m.sent_at, m.arrival) > ($2, $3)
        order by m.sent_at, m.arrival
        limit $4
        """;

    private const string PlaceOf =
        "select sent_at, arrival from messages where id = $2 and conversation_id = "
        + KnownConversation.Id;

    /// <returns>Oldest to newest; null = there is no such conversation.</returns>
    public async Task<ThreadPage?> ReadPageAsync(
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
        var (views, next) = after is { } from
            ? await ReadAfterAsync(transaction, conversationId, from, limit, cancellationToken)
            : await ReadBeforeAsync(transaction, conversationId, before, limit, cancellationToken);
        return
            views.Count > 0
            || await KnownConversation.ExistsAsync(transaction, conversationId, cancellationToken)
            ? new(views, next, null, seq)
            : null;
    }

    /// <returns>The message among what came before and after it; null = there is no such message in the conversation.</returns>
    public async Task<ThreadPage?> ReadAroundAsync(
        Guid tenantId,
        Guid conversationId,
        Guid messageId,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var seq = await transaction.ReadSeqAsync(cancellationToken);
        var places = await transaction.ReadAsync(
            PlaceOf,
            [Value(conversationId), Value(messageId)],
            row => (At: row.Time(0), Arrival: row.GetInt64(1)),
            cancellationToken
        );
        if (places is not [var (at, arrival)])
        {
            return null;
        }
        var newerLimit = limit / 2;
        var (newer, newerCursor) = await ReadAfterAsync(
            transaction,
            conversationId,
            Cursor.Of(at, arrival),
            newerLimit,
            cancellationToken
        );
        // From its place on: it stands among the older.
        var (older, next) = await ReadBeforeAsync(
            transaction,
            conversationId,
            Cursor.Of(at, arrival + 1),
            limit - newerLimit,
            cancellationToken
        );
        return new([.. older, .. newer], next, newerCursor, seq);
    }

    private static async Task<(List<MessageView> Views, string? Next)> ReadBeforeAsync(
        TenantTransaction transaction,
        Guid conversationId,
        Cursor? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var (views, more) = await ReadAsync(
            transaction,
            Before,
            conversationId,
            before,
            limit,
            cancellationToken
        );
        views.Reverse();
        return (views, more ? CursorOf(views[0]) : null);
    }

    private static async Task<(List<MessageView> Views, string? Next)> ReadAfterAsync(
        TenantTransaction transaction,
        Guid conversationId,
        Cursor after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var (views, more) = await ReadAsync(
            transaction,
            After,
            conversationId,
            after,
            limit,
            cancellationToken
        );
        return (views, more ? (views.Count > 0 ? CursorOf(views[^1]) : after.ToString()) : null);
    }

    private static async Task<(List<MessageView> Views, bool More)> ReadAsync(
        TenantTransaction transaction,
        string sql,
        Guid conversationId,
        Cursor? from,
        int limit,
        CancellationToken cancellationToken
    )
    {
        NpgsqlParameter[] parameters =
        [
            Value(conversationId),
            Value(from?.At),
            Value(from?.Number),
            Value(limit + 1),
        ];
        var views = await transaction.ReadAsync(
            sql,
            parameters,
            row => MessageRow.Read(row).ToView(),
            cancellationToken
        );
        if (views.Count <= limit)
        {
            return (views, false);
        }
        views.RemoveAt(limit);
        return (views, true);
    }

    private static string CursorOf(MessageView view) =>
        Cursor.Of(view.SentAt, view.Arrival).ToString();
}

/// <summary>A page of a thread, oldest to newest.</summary>
/// <param name="Items">The messages.</param>
/// <param name="NextCursor">Where the page goes on, in the direction that was asked for; around a message: to the older.</param>
/// <param name="NewerCursor">Around a message: where it goes on to the newer, as after. Null = the newest are here.</param>
/// <param name="Seq">Read before the rows: the live log from there on makes the page current.</param>
public sealed record ThreadPage(
    IReadOnlyList<MessageView> Items,
    string? NextCursor,
    string? NewerCursor,
    long Seq
);
