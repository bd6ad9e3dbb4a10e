using FlowChat.Contacts;
using FlowChat.Groups;
using FlowChat.Messages;
using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Conversations;

/// <summary>The conversations of a batch: all that its contacts and groups have.</summary>
internal sealed class ConversationSet
{
    private const string Owners = """
        select c.contact_id, c.group_id, n.id, c.id
        from unnest($1::uuid[]) as n (id)
        cross join lateral (
          select id, contact_id, group_id from conversations
          where id = coalesce((select conversation_id from joined_conversations where id = n.id limit 1), n.id)
          limit 1
        ) c
        """;

    private const string LockConversations = """
        select id, instance_id, contact_id, group_id, status, assignee_id, unread_count, last_activity_at, arrivals,
               created_at, version, last_message_id, seen_arrivals, answered_at, answered_arrival,
               i.deleted_at is not null, i.gateway, window_closes_at, c.paced_until,
               i.gateway_version
        from conversations c
        cross join lateral (
          select deleted_at, gateway, gateway_version from instances where tenant_id = c.tenant_id and id = c.instance_id offset 0
        ) i
        where contact_id = any($1) or group_id = any($2)
        order by id
        for no key update of c
        """;

    private const string LoadUnread = """
        select m.conversation_id, m.sent_at, m.arrival
        from conversations c
        join messages m
          on m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.direction = 'in' and m.type <> 'system'
          and m.arrival > c.seen_arrivals and (m.sent_at, m.arrival) > (c.answered_at, c.answered_arrival)
        where (c.contact_id = any($1) or c.group_id = any($2)) and c.unread_count > 0
        """;

    private const string Insert = """
        insert into conversations (id, instance_id, contact_id, group_id, status, unread_count, last_message_id,
                                   last_activity_at, arrivals, created_at, version, seen_arrivals, answered_at, answered_arrival,
                                   window_closes_at)
        select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::uuid[],
                             $8::timestamptz[], $9::bigint[], $10::timestamptz[], $11::bigint[], $12::bigint[],
                             $13::timestamptz[], $14::bigint[], $15::timestamptz[])
        """;

    private const string Update = """
        update conversations c
        set status = n.status, assignee_id = n.assignee_id, unread_count = n.unread_count, last_message_id = n.last_message_id,
            last_activity_at = n.last_activity_at, arrivals = n.arrivals, version = n.version,
            seen_arrivals = n.seen_arrivals, answered_at = n.answered_at, answered_arrival = n.answered_arrival,
            window_closes_at = n.window_closes_at, paced_until = n.paced_until
        from unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::uuid[], $6::timestamptz[], $7::bigint[], $8::bigint[],
                    $9::bigint[], $10::timestamptz[], $11::bigint[], $12::timestamptz[], $13::timestamptz[])
          as n (id, status, assignee_id, unread_count, last_message_id, last_activity_at, arrivals, version,
                seen_arrivals, answered_at, answered_arrival, window_closes_at, paced_until)
        where c.id = n.id
        """;

    private readonly Dictionary<Guid, Conversation> _byId = [];
    private IReadOnlyDictionary<Guid, Guid> _joined = new Dictionary<Guid, Guid>();
    private readonly Dictionary<(Guid InstanceId, Guid OwnerId), Conversation> _byOwner = [];
    private readonly List<(Guid MessageId, Conversation Conversation)> _lastMessages = [];
    private readonly List<Conversation> _new = [];
    private readonly HashSet<Conversation> _changed = [];

    public Conversation Get(Guid id) => _byId[id];

    /// <summary>By its own id, or by that of one that was joined with it.</summary>
    public Conversation? Find(Guid id) =>
        _byId.GetValueOrDefault(_joined.GetValueOrDefault(id, id));

    public IEnumerable<Conversation> Of(Contact contact) =>
        _byId.Values.Where(conversation => conversation.Contact == contact);

    public IEnumerable<Conversation> Of(Group group) =>
        _byId.Values.Where(conversation => conversation.Group == group);

    public static void Resolve(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved)
    {
        if (keys.Conversations.Count > 0)
        {
            batch.Read(
                Owners,
                row =>
                {
                    AddOwner(row.GuidOrNull(0), row.GuidOrNull(1), resolved);
                    resolved.Joined[row.GetGuid(2)] = row.GetGuid(3);
                },
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

    public void Lock(SqlBatch batch, WorkKeys keys, ResolvedKeys resolved, Workspace work)
    {
        _joined = resolved.Joined;
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
                    LastActivityAt = row.Time(7),
                    Arrivals = row.GetInt64(8),
                    CreatedAt = row.Time(9),
                    Version = row.GetInt64(10),
                    IsInstanceDeleted = row.GetBoolean(15),
                    Gateway = row.GetString(16),
                    PacedUntil = row.TimeOrNull(18),
                    GatewayVersion = row.TextOrNull(19),
                };
                conversation.RestoreReading(
                    row.GetInt32(6),
                    row.GetInt64(12),
                    (row.Time(13), row.GetInt64(14))
                );
                conversation.OpenWindow(row.TimeOrNull(17));
                Index(conversation);
                if (row.GuidOrNull(11) is { } last)
                {
                    _lastMessages.Add((last, conversation));
                }
            },
            Value(resolved.Contacts.ToArray()),
            Value(resolved.Groups.ToArray())
        );
        if (keys.OpenSends)
        {
            batch.Read(
                LoadUnread,
                row => _byId[row.GetGuid(0)].RestoreUnread(row.Time(1), row.GetInt64(2)),
                Value(resolved.Contacts.ToArray()),
                Value(resolved.Groups.ToArray())
            );
        }
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
                Column(_new, c => c.Version),
                Column(_new, c => c.SeenArrivals),
                Column(_new, c => c.Answer.SentAt),
                Column(_new, c => c.Answer.Arrival),
                Column(_new, c => c.WindowClosesAt)
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
                Column(changed, c => c.Version),
                Column(changed, c => c.SeenArrivals),
                Column(changed, c => c.Answer.SentAt),
                Column(changed, c => c.Answer.Arrival),
                Column(changed, c => c.WindowClosesAt),
                Column(changed, c => c.PacedUntil)
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
