using FlowChat.Conversations;
using FlowChat.Storage;

namespace FlowChat.Contacts;

/// <summary>Reads one contact, with the conversations that the team has with them.</summary>
internal sealed class ContactQuery(Database database)
{
    private const string Find = """
        select c.id, c.name, c.version, c.created_at,
               array(select '+' || value from contact_identities
                     where contact_id = c.id and kind = 'phone' order by created_at, value)
        from contacts c
        where c.id = $1
        """;

    private const string Conversations =
        "select id from conversations where contact_id = $1 order by last_activity_at desc, id desc";

    /// <returns>Null = there is no such contact.</returns>
    public async Task<ContactDetails?> FindAsync(
        Guid tenantId,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var contacts = await transaction.ReadAsync(
            Find,
            [SqlBatch.Value(id)],
            row => new ContactDetails(
                row.GetGuid(0),
                row.TextOrNull(1),
                row.GetFieldValue<string[]>(4),
                [],
                row.Time(3),
                row.GetInt64(2)
            ),
            cancellationToken
        );
        if (contacts is not [var contact])
        {
            return null;
        }
        var ids = await transaction.ReadAsync(
            Conversations,
            [SqlBatch.Value(id)],
            row => row.GetGuid(0),
            cancellationToken
        );
        var views = await ConversationQuery.ReadAsync(transaction, ids, cancellationToken);
        return contact with
        {
            Conversations = [.. views.OrderByDescending(view => view.LastActivityAt)],
        };
    }
}

/// <summary>A contact, as a mention, a group's member or a shared card leads to them.</summary>
/// <param name="Id">The contact's.</param>
/// <param name="Name">Null = WhatsApp didn't tell.</param>
/// <param name="Phones">Their numbers, the first known first; empty where WhatsApp hides them.</param>
/// <param name="Conversations">With each of our numbers, the latest activity first; empty = nobody wrote yet.</param>
/// <param name="CreatedAt">When they first showed up.</param>
/// <param name="Version">Grows with each change.</param>
public sealed record ContactDetails(
    Guid Id,
    string? Name,
    IReadOnlyList<string> Phones,
    IReadOnlyList<ConversationView> Conversations,
    DateTimeOffset CreatedAt,
    long Version
);
