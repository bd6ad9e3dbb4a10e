using FlowChat.Conversations;
using FlowChat.Pictures;
using FlowChat.Storage;
using Npgsql;

namespace FlowChat.Contacts;

/// <summary>Reads one contact, with the conversations that the team has with them.</summary>
internal sealed class ContactQuery(Database database)
{
    private const string IdentityOrder = "last_heard_at desc nulls last, created_at, kind, value";

    private const string Find = $"""
        select c.id, c.name, c.version, c.created_at, c.picture_sha256,
               array(select kind from contact_identities
                     where contact_id = c.id and kind <> 'line' order by {IdentityOrder}),
               array(select value from contact_identities
                     where contact_id = c.id and kind <> 'line' order by {IdentityOrder})
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
            Read,
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

    private static ContactDetails Read(NpgsqlDataReader row)
    {
        ContactIdentity[] identities =
        [
            .. row.GetFieldValue<string[]>(5)
                .Zip(
                    row.GetFieldValue<string[]>(6),
                    (kind, value) => new ContactIdentity(kind, value)
                ),
        ];
        return new(
            row.GetGuid(0),
            row.TextOrNull(1),
            [
                .. identities
                    .Where(identity => identity.Kind == IdentityKind.Phone)
                    .Select(phone => "+" + phone.Value),
            ],
            identities,
            StoredPicture.AddressOfContact(row.GetGuid(0), row.TextOrNull(4)),
            [],
            row.Time(3),
            row.GetInt64(2)
        );
    }
}

/// <summary>A contact, as a mention, a group's member or a shared card leads to them.</summary>
/// <param name="Id">The contact's.</param>
/// <param name="Name">Null = WhatsApp didn't tell.</param>
/// <param name="Phones">Their numbers, the one they wrote from last first; empty where WhatsApp hides them.</param>
/// <param name="Identities">All that WhatsApp calls them, the number they wrote from last first, then the first known.</param>
/// <param name="Picture">Its address here: another one for another picture.</param>
/// <param name="Conversations">With each of our numbers, the latest activity first; empty = nobody wrote yet.</param>
/// <param name="CreatedAt">When they first showed up.</param>
/// <param name="Version">Grows with each change.</param>
public sealed record ContactDetails(
    Guid Id,
    string? Name,
    IReadOnlyList<string> Phones,
    IReadOnlyList<ContactIdentity> Identities,
    string? Picture,
    IReadOnlyList<ConversationView> Conversations,
    DateTimeOffset CreatedAt,
    long Version
);

/// <param name="Kind">phone, lid or bsuid.</param>
/// <param name="Value">A phone's and a LID's digits; a business-scoped id as it is.</param>
public sealed record ContactIdentity(string Kind, string Value);
