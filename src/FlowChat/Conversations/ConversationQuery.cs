using FlowChat.Contacts;
using FlowChat.Groups;
using FlowChat.Json;
using FlowChat.Messages;
using FlowChat.Pictures;
using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Conversations;

/// <summary>Reads conversations as the list shows them.</summary>
internal sealed class ConversationQuery(Database database)
{
    private const string Select =
        "select "
        + MessageRow.Columns
        + $"""
            ,
                   c.id, c.instance_id, c.status, c.assignee_id, c.unread_count, c.last_activity_at, c.created_at, c.version,
                   ct.id, ct.name, ct.version,
                   (select value from contact_identities i
                    where i.contact_id = ct.id and i.kind = 'phone' order by {ContactPhone.Order} limit 1),
                   g.id, g.jid, g.name, ct.picture_sha256, g.picture_sha256, c.window_closes_at, g.version
            from conversations c
            left join messages m on m.tenant_id = c.tenant_id and m.id = c.last_message_id
            left join contacts ct on ct.tenant_id = c.tenant_id and ct.id = c.contact_id
            left join groups g on g.tenant_id = c.tenant_id and g.id = c.group_id

            """;

    private const string ById = Select + "where c.id = " + KnownConversation.Id;

    private const string ByIds = Select + "where c.id = any($1) order by c.id";

    private const string Page =
        Select
        + """
            where ($1::text is null or c.status = $1)
              and ($2::uuid is null or c.instance_id = $2)
              and ($3::uuid is null or c.assignee_id = $3)
              and ($4::timestamptz is null or (c.last_activity_at, c.id) < ($4, $5))
              and ($6::text is null or ct.name ilike $6 or g.name ilike $6 or ($7::text[] is not null and exists (
                    select from contact_identities i where i.contact_id = ct.id and i.kind = 'phone' and i.value like any($7))))
            order by c.last_activity_at desc, c.id desc
            limit $8
            """;

    private const int First = MessageRow.ColumnCount;

    public async Task<PageOf<ConversationView>> ReadPageAsync(
        Guid tenantId,
        ConversationFilter filter,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var seq = await transaction.ReadSeqAsync(cancellationToken);
        var views = await transaction.ReadAsync(
            Page,
            filter.Parameters(),
            ReadView,
            cancellationToken
        );
        if (views.Count <= filter.Limit)
        {
            return new(views, null, seq);
        }
        views.RemoveAt(filter.Limit);
        return new(
            views,
            new Cursor(views[^1].LastActivityAt, views[^1].Id.ToString()).ToString(),
            seq
        );
    }

    public async Task<ConversationView?> FindAsync(
        Guid tenantId,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var views = await transaction.ReadAsync(ById, [Value(id)], ReadView, cancellationToken);
        return views.FirstOrDefault();
    }

    /// <summary>As the transaction sees them.</summary>
    public static Task<List<ConversationView>> ReadAsync(
        TenantTransaction transaction,
        IReadOnlyList<Guid> ids,
        CancellationToken cancellationToken
    ) => transaction.ReadAsync(ByIds, [Value(ids.ToArray())], ReadView, cancellationToken);

    private static ConversationView ReadView(NpgsqlDataReader row)
    {
        var contact = row.GuidOrNull(First + 8) is { } contactId
            ? new ContactView(
                contactId,
                row.TextOrNull(First + 9),
                row.TextOrNull(First + 11) is { } digits ? "+" + digits : null,
                StoredPicture.AddressOfContact(contactId, row.TextOrNull(First + 15)),
                row.GetInt64(First + 10)
            )
            : null;
        var group = row.GuidOrNull(First + 12) is { } groupId
            ? new GroupView(
                groupId,
                row.GetString(First + 13),
                row.TextOrNull(First + 14),
                StoredPicture.AddressOfGroup(groupId, row.TextOrNull(First + 16)),
                row.GetInt64(First + 18)
            )
            : null;
        return new(
            row.GetGuid(First),
            row.GetGuid(First + 1),
            contact is null ? "group" : "direct",
            contact,
            group,
            row.GetString(First + 2),
            row.GuidOrNull(First + 3) is { } assignee ? new(assignee) : null,
            row.GetInt32(First + 4),
            row.IsDBNull(0) ? null : MessageRow.Read(row).ToView(),
            row.Time(First + 5),
            row.Time(First + 6),
            row.GetInt64(First + 7)
        )
        {
            WindowClosesAt = row.TimeOrNull(First + 17),
        };
    }
}

/// <summary>Which conversations a list shows, from which place on.</summary>
internal sealed record ConversationFilter(
    string? Status,
    Guid? InstanceId,
    Guid? AssigneeId,
    string? Text,
    Cursor? After,
    int Limit
)
{
    public NpgsqlParameter[] Parameters()
    {
        var pattern = Text is null ? null : $"%{Escape(Text)}%";
        var digits = Text is null ? "" : string.Concat(Text.Where(char.IsAsciiDigit));
        return
        [
            Value(Status),
            Value(InstanceId),
            Value(AssigneeId),
            Value(After?.At),
            Value(After is { } after ? Guid.Parse(after.Tie) : (Guid?)null),
            Value(pattern),
            // One digit of a name is no number.
            Value(
                digits.Length >= 2
                    ? BrazilianLine.Spellings(digits).Select(spelling => $"%{spelling}%").ToArray()
                    : null
            ),
            Value(Limit + 1),
        ];
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}
