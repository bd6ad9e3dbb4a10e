using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Groups;

/// <summary>The groups of a batch, found or made by their JID.</summary>
internal sealed class GroupSet
{
    private const string ByJid = "select id from groups where jid = any($1)";
    private const string LockGroups = """
        select id, jid, name, version, description, owner_id, fetched_at, picture_sha256, picture_type, picture_source,
               asked_at, named_at, changed_at, told_at
        from groups
        where id = any($1) order by id for no key update
        """;
    private const string LoadMembers =
        "select group_id, contact_id, is_admin from group_members where group_id = any($1)";
    private const string Insert = """
        insert into groups (id, jid, name, description, owner_id, fetched_at, asked_at, named_at, changed_at,
                            told_at)
        select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::timestamptz[], $7::timestamptz[],
                             $8::bigint[], $9::timestamptz[], $10::timestamptz[])
        """;
    private const string Update = """
        update groups g
        set name = n.name, description = n.description, owner_id = n.owner_id, fetched_at = n.fetched_at, version = n.version,
            picture_sha256 = n.picture_sha256, picture_type = n.picture_type, picture_source = n.picture_source,
            asked_at = n.asked_at, named_at = n.named_at, changed_at = n.changed_at, told_at = n.told_at
        from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::bigint[], $7::text[], $8::text[], $9::text[],
                    $10::timestamptz[], $11::bigint[], $12::timestamptz[], $13::timestamptz[])
          as n (id, name, description, owner_id, fetched_at, version, picture_sha256, picture_type, picture_source,
                asked_at, named_at, changed_at, told_at)
        where g.id = n.id
        """;
    private const string DeleteMembers = "delete from group_members where group_id = any($1)";
    private const string InsertMembers = """
        insert into group_members (group_id, contact_id, is_admin)
        select * from unnest($1::uuid[], $2::uuid[], $3::boolean[])
        """;

    private readonly Dictionary<Guid, Group> _byId = [];
    private readonly Dictionary<string, Group> _byJid = new(StringComparer.Ordinal);
    private readonly List<Group> _new = [];
    private readonly HashSet<Group> _changed = [];
    private readonly HashSet<Group> _newMembers = [];

    public Group Get(Guid id) => _byId[id];

    public static void Resolve(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved)
    {
        if (keys.GroupJids.Count > 0)
        {
            batch.Read(
                ByJid,
                row => resolved.Groups.Add(row.GetGuid(0)),
                Value(keys.GroupJids.ToArray())
            );
        }
    }

    public void Lock(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved)
    {
        if (resolved.Groups.Count == 0)
        {
            return;
        }
        batch.Read(
            LockGroups,
            row =>
                Index(
                    new()
                    {
                        Id = row.GetGuid(0),
                        Jid = row.GetString(1),
                        Name = row.TextOrNull(2),
                        Version = row.GetInt64(3),
                        Description = row.TextOrNull(4),
                        OwnerId = row.GuidOrNull(5),
                        FetchedAt = row.TimeOrNull(6),
                        Picture = row.TextOrNull(7) is { } sha256
                            ? new(sha256, row.GetString(8))
                            : null,
                        PictureSource = row.TextOrNull(9),
                        AskedAt = row.TimeOrNull(10),
                        NamedAt = row.IsDBNull(11) ? null : row.GetInt64(11),
                        ChangedAt = row.TimeOrNull(12),
                        ToldAt = row.TimeOrNull(13),
                    }
                ),
            Value(resolved.Groups.ToArray())
        );
        if (keys.GroupMembers)
        {
            batch.Read(
                LoadMembers,
                row => _byId[row.GetGuid(0)].Admins[row.GetGuid(1)] = row.GetBoolean(2),
                Value(resolved.Groups.ToArray())
            );
        }
    }

    public Group? Find(string jid) => _byJid.GetValueOrDefault(jid);

    public Group FindOrAdd(string jid)
    {
        if (!_byJid.TryGetValue(jid, out var group))
        {
            group = new()
            {
                Id = Guid.CreateVersion7(),
                Jid = jid,
                IsNew = true,
            };
            Index(group);
            _new.Add(group);
        }
        return group;
    }

    public void Touch(Group group)
    {
        if (!group.IsNew)
        {
            _changed.Add(group);
        }
    }

    /// <summary>Pages show it otherwise than before: its conversations are to be told.</summary>
    public void Change(Group group)
    {
        // Nobody has seen a new one yet.
        group.Version += group.IsNew ? 0 : 1;
        Touch(group);
    }

    /// <summary>Its members are written anew.</summary>
    public void TouchMembers(Group group) => _newMembers.Add(group);

    public void Write(SqlBatch batch)
    {
        if (_new.Count > 0)
        {
            batch.Add(
                Insert,
                Column(_new, g => g.Id),
                Column(_new, g => g.Jid),
                Column(_new, g => g.Name),
                Column(_new, g => g.Description),
                Column(_new, g => g.OwnerId),
                Column(_new, g => g.FetchedAt),
                Column(_new, g => g.AskedAt),
                Column(_new, g => g.NamedAt),
                Column(_new, g => g.ChangedAt),
                Column(_new, g => g.ToldAt)
            );
        }
        if (_changed.Count > 0)
        {
            var changed = _changed.ToList();
            batch.Add(
                Update,
                Column(changed, g => g.Id),
                Column(changed, g => g.Name),
                Column(changed, g => g.Description),
                Column(changed, g => g.OwnerId),
                Column(changed, g => g.FetchedAt),
                Column(changed, g => g.Version),
                Column(changed, g => g.Picture?.Sha256),
                Column(changed, g => g.Picture?.MimeType),
                Column(changed, g => g.PictureSource),
                Column(changed, g => g.AskedAt),
                Column(changed, g => g.NamedAt),
                Column(changed, g => g.ChangedAt),
                Column(changed, g => g.ToldAt)
            );
        }
        if (_newMembers.Count > 0)
        {
            var members = _newMembers
                .SelectMany(g => g.Admins.Select(m => (GroupId: g.Id, Id: m.Key, IsAdmin: m.Value)))
                .ToList();
            batch.Add(DeleteMembers, Value(_newMembers.Select(g => g.Id).ToArray()));
            batch.Add(
                InsertMembers,
                Column(members, m => m.GroupId),
                Column(members, m => m.Id),
                Column(members, m => m.IsAdmin)
            );
        }
    }

    private void Index(Group group)
    {
        _byId.Add(group.Id, group);
        _byJid.Add(group.Jid, group);
    }
}
