using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Groups;

/// <summary>The groups of a batch, found or made by their JID.</summary>
internal sealed class GroupSet
{
    private const string ByJid = "select id from groups where jid = any($1)";
    private const string LockGroups =
        "select id, jid, name, version from groups where id = any($1) order by id for no key update";
    private const string Insert =
        "insert into groups (id, jid, name) select * from unnest($1::uuid[], $2::text[], $3::text[])";

    private readonly Dictionary<Guid, Group> _byId = [];
    private readonly Dictionary<string, Group> _byJid = new(StringComparer.Ordinal);
    private readonly List<Group> _new = [];

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

    public void Lock(SqlBatch batch, ResolvedKeys resolved)
    {
        if (resolved.Groups.Count > 0)
        {
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
                        }
                    ),
                Value(resolved.Groups.ToArray())
            );
        }
    }

    public Group FindOrAdd(string jid)
    {
        if (!_byJid.TryGetValue(jid, out var group))
        {
            group = new() { Id = Guid.CreateVersion7(), Jid = jid };
            Index(group);
            _new.Add(group);
        }
        return group;
    }

    public void Write(SqlBatch batch)
    {
        if (_new.Count > 0)
        {
            batch.Add(
                Insert,
                Column(_new, g => g.Id),
                Column(_new, g => g.Jid),
                Column(_new, g => g.Name)
            );
        }
    }

    private void Index(Group group)
    {
        _byId.Add(group.Id, group);
        _byJid.Add(group.Jid, group);
    }
}
