using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Contacts;

/// <summary>The contacts of a batch, found or made by their addresses.</summary>
internal sealed class ContactSet
{
    private const string ByIdentity = """
        select i.contact_id
        from unnest($1::text[], $2::text[]) as k (kind, value)
        cross join lateral (
          select contact_id from contact_identities where kind = k.kind and value = k.value limit 1
        ) i
        """;

    private const string ById = "select id from contacts where id = any($1)";

    private const string LockContacts = """
        select id, name, name_source, version, picture_sha256, picture_type, picture_source, picture_due_at from contacts
        where id = any($1) order by id for no key update
        """;

    private const string Identities = $"""
        select contact_id, kind, value, last_heard_at from contact_identities
        where contact_id = any($1) order by {ContactPhone.Order}
        """;

    private const string Insert = """
        insert into contacts (id, name, version, picture_due_at)
        select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::timestamptz[])
        """;

    private const string Update = """
        update contacts c
        set name = n.name, version = n.version, picture_sha256 = n.picture_sha256, picture_type = n.picture_type,
            picture_source = n.picture_source, picture_due_at = n.picture_due_at
        from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
          as n (id, name, version, picture_sha256, picture_type, picture_source, picture_due_at)
        where c.id = n.id
        """;

    private const string InsertIdentities = """
        insert into contact_identities (contact_id, kind, value) select * from unnest($1::uuid[], $2::text[], $3::text[])
        """;

    private const string Move = """
        update contact_identities i set contact_id = n.contact_id
        from unnest($1::text[], $2::text[], $3::uuid[]) as n (kind, value, contact_id)
        where i.kind = n.kind and i.value = n.value
        """;

    private const string Hear = """
        update contact_identities i set last_heard_at = n.at
        from unnest($1::text[], $2::text[], $3::timestamptz[]) as n (kind, value, at)
        where i.kind = n.kind and i.value = n.value
        """;

    private readonly Dictionary<Guid, Contact> _byId = [];
    private readonly Dictionary<Identity, Contact> _byIdentity = [];
    private readonly List<Contact> _new = [];
    private readonly HashSet<Contact> _changed = [];
    private readonly List<(Guid ContactId, Identity Identity)> _newIdentities = [];
    private readonly Dictionary<Identity, Guid> _moved = [];
    private readonly Dictionary<Identity, DateTimeOffset> _heard = [];

    public Contact Get(Guid id) => _byId[id];

    public Contact? FindById(Guid id) => _byId.GetValueOrDefault(id);

    public static void Resolve(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved)
    {
        if (keys.Identities.Count > 0)
        {
            var identities = BrazilianLine.WithLines(keys.Identities).ToList();
            batch.Read(
                ByIdentity,
                row => resolved.Contacts.Add(row.GetGuid(0)),
                Column(identities, identity => identity.Kind),
                Column(identities, identity => identity.Value)
            );
        }
        if (keys.Contacts.Count > 0)
        {
            batch.Read(
                ById,
                row => resolved.Contacts.Add(row.GetGuid(0)),
                Value(keys.Contacts.ToArray())
            );
        }
    }

    public void Lock(SqlBatch batch, ResolvedKeys resolved)
    {
        if (resolved.Contacts.Count == 0)
        {
            return;
        }
        var ids = resolved.Contacts.ToArray();
        batch.Read(
            LockContacts,
            row =>
                _byId.Add(
                    row.GetGuid(0),
                    new()
                    {
                        Id = row.GetGuid(0),
                        Name = row.TextOrNull(1),
                        NameSource = row.GetString(2),
                        Version = row.GetInt64(3),
                        Picture = row.TextOrNull(4) is { } sha256
                            ? new(sha256, row.GetString(5))
                            : null,
                        PictureSource = row.TextOrNull(6),
                        PictureDueAt = row.TimeOrNull(7),
                    }
                ),
            Value(ids)
        );
        batch.Read(
            Identities,
            row =>
            {
                var contact = _byId[row.GetGuid(0)];
                Index(contact, new(row.GetString(1), row.GetString(2)));
                contact.HeardAt ??= row.TimeOrNull(3);
            },
            Value(ids)
        );
    }

    public bool HasAll(ResolvedKeys resolved) => resolved.Contacts.All(_byId.ContainsKey);

    /// <summary>All addresses given belong to one person; the one that tells best who it is decides.</summary>
    public Contact? Find(IReadOnlyList<Identity> identities) =>
        BrazilianLine
            .WithLines(identities)
            .OrderBy(identity => IdentityKind.Rank(identity.Kind))
            .Select(identity =>
                _byIdentity.TryGetValue(identity, out var known)
                && !known.IsAnother(identity, identities)
                    ? known
                    : null
            )
            .FirstOrDefault(known => known is not null);

    /// <exception cref="ContactsApartException">The addresses are known as two contacts', who are one person.</exception>
    public Contact FindOrAdd(IReadOnlyList<Identity> identities)
    {
        var all = BrazilianLine.WithLines(identities).ToList();
        var contact = Find(identities);
        if (contact is null)
        {
            contact = new() { Id = Guid.CreateVersion7(), IsNew = true };
            _byId.Add(contact.Id, contact);
            _new.Add(contact);
        }
        else if (
            all.Select(identity => _byIdentity.GetValueOrDefault(identity))
                .FirstOrDefault(one => one is not null && one != contact && one.CanBe(contact)) is
            { } other
        )
        {
            throw new ContactsApartException(contact, other);
        }
        foreach (var identity in all.Where(identity => !_byIdentity.ContainsKey(identity)))
        {
            Index(contact, identity);
            _newIdentities.Add((contact.Id, identity));
        }
        return contact;
    }

    /// <summary>Those who are known by one of these phones, or by its line, and are somebody else.</summary>
    public IReadOnlyList<(Contact Owner, Identity Phone)> OthersWith(
        Contact contact,
        IReadOnlyList<Identity> identities
    ) =>
        [
            .. identities
                .Where(identity => identity.Kind == IdentityKind.Phone)
                .SelectMany(phone =>
                    BrazilianLine
                        .WithLines([phone])
                        .Select(one => _byIdentity.GetValueOrDefault(one))
                        .OfType<Contact>()
                        .Where(owner => owner != contact)
                        .Distinct()
                        .Select(owner => (owner, phone))
                ),
        ];

    /// <summary>The number went from one person to another, with all that its line is known by.</summary>
    public void MovePhone(Identity phone, Contact from, Contact to)
    {
        var line = new Identity(IdentityKind.Line, BrazilianLine.Of(phone.Value) ?? "");
        foreach (
            var one in from.Identities.Where(one => one.IsSameLine(phone) || one == line).ToList()
        )
        {
            from.Identities.Remove(one);
            Index(to, one);
            _moved[one] = to.Id;
        }
    }

    /// <summary>They wrote from this number then, and are answered there.</summary>
    /// <returns>Whether it was another one before.</returns>
    public bool HearFrom(Contact contact, Identity phone, DateTimeOffset at)
    {
        var before = contact.Phone;
        contact.Hear(phone, at);
        _heard[phone] = at;
        return contact.Phone != before;
    }

    public void Touch(Contact contact)
    {
        if (!contact.IsNew)
        {
            _changed.Add(contact);
        }
    }

    public void Write(SqlBatch batch)
    {
        if (_new.Count > 0)
        {
            batch.Add(
                Insert,
                Column(_new, c => c.Id),
                Column(_new, c => c.Name),
                Column(_new, c => c.Version),
                Column(_new, c => c.PictureDueAt)
            );
        }
        if (_changed.Count > 0)
        {
            var changed = _changed.ToList();
            batch.Add(
                Update,
                Column(changed, c => c.Id),
                Column(changed, c => c.Name),
                Column(changed, c => c.Version),
                Column(changed, c => c.Picture?.Sha256),
                Column(changed, c => c.Picture?.MimeType),
                Column(changed, c => c.PictureSource),
                Column(changed, c => c.PictureDueAt)
            );
        }
        if (_newIdentities.Count > 0)
        {
            batch.Add(
                InsertIdentities,
                Column(_newIdentities, i => i.ContactId),
                Column(_newIdentities, i => i.Identity.Kind),
                Column(_newIdentities, i => i.Identity.Value)
            );
        }
        if (_moved.Count > 0)
        {
            var moved = _moved.ToList();
            batch.Add(
                Move,
                Column(moved, one => one.Key.Kind),
                Column(moved, one => one.Key.Value),
                Column(moved, one => one.Value)
            );
        }
        if (_heard.Count > 0)
        {
            var heard = _heard.ToList();
            batch.Add(
                Hear,
                Column(heard, one => one.Key.Kind),
                Column(heard, one => one.Key.Value),
                Column(heard, one => one.Value)
            );
        }
    }

    private void Index(Contact contact, Identity identity)
    {
        contact.Identities.Add(identity);
        _byIdentity[identity] = contact;
    }
}
