using FlowChat.Contacts;
using FlowChat.Json;
using FlowChat.Pictures;
using FlowChat.Storage;
using Npgsql;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Groups;

/// <summary>Reads groups as pages show them.</summary>
internal sealed class GroupQuery(Database database)
{
    private const string Select =
        "select g.id, g.jid, g.name, g.description, g.fetched_at, g.picture_sha256 from groups g ";

    private const string Page = Select + "where g.id > $1 order by g.id limit $2";
    private const string One = Select + "where g.id = $1";

    private const string Person = $"""
        c.id, c.name, c.picture_sha256, c.version,
        (select value from contact_identities i
         where i.contact_id = c.id and i.kind = 'phone' order by {ContactPhone.Order} limit 1)
        """;

    private const string Owner =
        "select "
        + Person
        + " from groups g join contacts c on c.tenant_id = g.tenant_id and c.id = g.owner_id where g.id = $1";

    private static readonly string Members =
        "select "
        + Person
        + """
            , m.is_admin,
            """
        + ContactJid.Of("c.id")
        + """

            from group_members m
            join contacts c on c.tenant_id = m.tenant_id and c.id = m.contact_id
            where m.group_id = $1
            order by m.is_admin desc, c.name nulls last, c.id
            """;

    /// <summary>In the order in which they showed up: a new name moves none.</summary>
    public async Task<PageOf<GroupSummary>> ReadPageAsync(
        Guid tenantId,
        Guid? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var seq = await transaction.ReadSeqAsync(cancellationToken);
        var found = await ReadAsync(
            transaction,
            Page,
            [Value(after ?? Guid.Empty), Value(limit + 1)],
            cancellationToken
        );
        if (found.Count <= limit)
        {
            return new(found, null, seq);
        }
        found.RemoveAt(limit);
        return new(found, found[^1].Id.ToString(), seq);
    }

    public async Task<GroupDetail?> FindAsync(
        Guid tenantId,
        Guid id,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var found = await ReadAsync(transaction, One, [Value(id)], cancellationToken);
        if (found is not [var group])
        {
            return null;
        }
        var members = await transaction.ReadAsync(
            Members,
            [Value(id)],
            row => new GroupParticipant(ReadPerson(row), row.GetBoolean(5), row.GetString(6)),
            cancellationToken
        );
        var owner = await transaction.ReadAsync(Owner, [Value(id)], ReadPerson, cancellationToken);
        return new(
            group.Id,
            group.Jid,
            group.Name,
            group.Description,
            group.Picture,
            group.FetchedAt,
            owner.SingleOrDefault(),
            members
        );
    }

    private static ContactView ReadPerson(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            row.TextOrNull(1),
            row.TextOrNull(4) is { } digits ? "+" + digits : null,
            StoredPicture.AddressOfContact(row.GetGuid(0), row.TextOrNull(2)),
            row.GetInt64(3)
        );

    private static Task<List<GroupSummary>> ReadAsync(
        TenantTransaction transaction,
        string sql,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken
    ) =>
        transaction.ReadAsync(
            sql,
            parameters,
            row => new GroupSummary(
                row.GetGuid(0),
                row.GetString(1),
                row.TextOrNull(2),
                row.TextOrNull(3),
                StoredPicture.AddressOfGroup(row.GetGuid(0), row.TextOrNull(5)),
                row.TimeOrNull(4)
            ),
            cancellationToken
        );
}

/// <summary>A group in the list. Without a time its gateway hasn't told of it yet.</summary>
public sealed record GroupSummary(
    Guid Id,
    string Jid,
    string? Name,
    string? Description,
    string? Picture,
    DateTimeOffset? FetchedAt
);

public sealed record GroupDetail(
    Guid Id,
    string Jid,
    string? Name,
    string? Description,
    string? Picture,
    DateTimeOffset? FetchedAt,
    ContactView? Owner,
    IReadOnlyList<GroupParticipant> Participants
);

/// <param name="Contact">Who.</param>
/// <param name="Admin">Whether they lead it.</param>
/// <param name="Jid">What a mention of them names: a LID's where WhatsApp hides their phone.</param>
public sealed record GroupParticipant(ContactView Contact, bool Admin, string Jid);
