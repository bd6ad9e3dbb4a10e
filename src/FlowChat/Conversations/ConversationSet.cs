using FlowChat.Contacts;
using FlowChat.Groups;
using FlowChat.Messages;
using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Conversations;

/// <summary>The conversations of a batch: all that its contacts and groups have.</summary>
internal sealed class ConversationSet
{
    private const string Owners =
        "select contact_id, group_id from conversations where id = any($1)";

    private const string LockConversations = """
        select id, instance_id, contact_id, group_id, status, assignee_id, unread_count, last_activity_at, arrivals,
               created_at, version, last_message_id
        from conversations
        where contact_id = any($1) or group_id = any($2)
        order by id
        for no key update
        """;

    private const string Insert = """
        insert into conversations (id, instance_id, contact_id, group_id, status, unread_count, last_message_id,
                                   last_activity_at, arrivals, created_at, version)
        select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::uuid[],
                             $8::timestamptz[], $9::bigint[], $10::timestamptz[], $11::bigint[])
        """;

    private const string Update = """
        update conversations c
        set status = n.status, assignee_id = n.assignee_id, unread_count = n.unread_count, last_message_id = n.last_message_id,
            last_activity_at = n.last_activity_at, arrivals = n.arrivals, version = n.version
        from unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::uuid[], $6::timestamptz[], $7::bigint[], $8::bigint[])
          as n (id, status, assignee_id, unread_count, last_message_id, last_activity_at, arrivals, version)
        where c.id = n.id
        """;

    private readonly Dictionary<Guid, Conversation> _byId = [];
    private readonly Dictionary<(Guid InstanceId, Guid OwnerId), Conversation> _byOwner = [];
    private readonly List<(Guid MessageId, Conversation Conversation)> _lastMessages = [];
    private readonly List<Conversation> _new = [];
    private readonly HashSet<Conversation> _changed = [];

    public Conversation Get(Guid id) => _byId[id];

    public Conversation? Find(Guid id) => _byId.GetValueOrDefault(id);

    public IEnumerable<Conversation> Of(Contact contact) =>
        _byId.Values.Where(conversation => conversation.Contact == contact);

    public static void Resolve(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved)
    {
        if (keys.Conversations.Count > 0)
        {
            batch.Read(
                Owners,
                row => AddOwner(row.GuidOrNull(0), row.GuidOrNull(1), resolved),
                Value(keys.Conversations.ToArray())
            );
        }
    }

    public static void AddOwner(Guid? contactId, Guid? groupId, ResolvedKeys resolved)
    {
        if (contactId is { } contact)
        {
            resolved.Contacts.Add(contact);
        }
        if (groupId is { } group)
        {
            resolved.Groups.Add(group);
        }
    }

    public void Lock(SqlBatch batch, ResolvedKeys resolved, Workspace work)
    {
        if (resolved.Contacts.Count + resolved.Groups.Count == 0)
        {
            return;
        }
        batch.Read(
            LockConversations,
            row =>
            {
                var conversation = new Conversation
                {
                    Id = row.GetGuid(0),
                    InstanceId = row.GetGuid(1),
                    Contact = row.GuidOrNull(2) is { } contact ? work.Contacts.Get(contact) : null,
                    Group = row.GuidOrNull(3) is { } group ? work.Groups.Get(group) : null,
                    Status = row.GetString(4),
                    AssigneeId = row.GuidOrNull(5),
                    UnreadCount = row.GetInt32(6),
                    LastActivityAt = row.Time(7),
                    Arrivals = row.GetInt64(8),
                    CreatedAt = row.Time(9),
                    Version = row.GetInt64(10),
                };
                Index(conversation);
                if (row.GuidOrNull(11) is { } last)
                {
                    _lastMessages.Add((last, conversation));
                }
            },
            Value(resolved.Contacts.ToArray()),
            Value(resolved.Groups.ToArray())
        );
    }

    public void AttachLastMessages(MessageSet messages)
    {
        foreach (var (messageId, conversation) in _lastMessages)
        {
            conversation.Append(messages.Get(messageId));
        }
    }

    public Conversation FindOrAdd(
        Guid instanceId,
        Contact? contact,
        Group? group,
        DateTimeOffset at,
        DateTimeOffset now
    )
    {
        if (!_byOwner.TryGetValue((instanceId, contact?.Id ?? group!.Id), out var conversation))
        {
            conversation = new()
            {
                Id = Guid.CreateVersion7(),
                InstanceId = instanceId,
                Contact = contact,
                Group = group,
                LastActivityAt = at,
                CreatedAt = now,
                IsNew = true,
            };
            Index(conversation);
            _new.Add(conversation);
        }
        return conversation;
    }

    public void Touch(Conversation conversation)
    {
        if (!conversation.IsNew)
        {
            _changed.Add(conversation);
        }
    }

    public void Write(SqlBatch batch)
    {
        if (_new.Count > 0)
        {
            batch.Add(
                Insert,
                Column(_new, c => c.Id),
                Column(_new, c => c.InstanceId),
                Column(_new, c => c.Contact?.Id),
                Column(_new, c => c.Group?.Id),
                Column(_new, c => c.Status),
                Column(_new, c => c.UnreadCount),
                Column(_new, c => c.LastMessage?.Id),
                Column(_new, c => c.LastActivityAt),
                Column(_new, c => c.Arrivals),
                Column(_new, c => c.CreatedAt),
                Column(_new, c => c.Version)
            );
        }
        if (_changed.Count > 0)
        {
            var changed = _changed.ToList();
            batch.Add(
                Update,
                Column(changed, c => c.Id),
                Column(changed, c => c.Status),
                Column(changed, c => c.AssigneeId),
                Column(changed, c => c.UnreadCount),
                Column(changed, c => c.LastMessage?.Id),
                Column(changed, c => c.LastActivityAt),
                Column(changed, c => c.Arrivals),
                Column(changed, c => c.Version)
            );
        }
    }

    private void Index(Conversation conversation)
    {
        _byId.Add(conversation.Id, conversation);
        _byOwner.Add(
            (conversation.InstanceId, conversation.Contact?.Id ?? conversation.Group!.Id),
            conversation
        );
    }
}
