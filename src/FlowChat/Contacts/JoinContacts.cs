using FlowChat.Conversations;
using FlowChat.Live;
using FlowChat.Messages;
using FlowChat.Queues;
using FlowChat.Queues.Postgres;
using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Contacts;

/// <summary>
/// Two contacts turn out to be one person: the older one gets all that the other has, in one transaction, whose locks are
/// in the order of <see cref="TenantBatch"/>.
/// </summary>
internal sealed class JoinContacts(Database database)
{
    private const string Hurry = "select set_config('lock_timeout', '5s', true)";

    private const string LockContacts =
        "select id, created_at from contacts where id in ($1, $2) order by id for update";

    // Those whose owner or members it changes.
    private const string LockGroups = """
        select id from groups
        where owner_id = $1 or id in (select group_id from group_members where contact_id = $1)
        order by id
        for no key update
        """;

    // Also those in which the contact that goes has written or is named, and the groups in which they only sit.
    private const string LockConversations = """
        select c.id, c.instance_id, c.contact_id, c.has_words
        from (
          select id, instance_id, contact_id, group_id,
                 coalesce(contact_id in ($1, $2), false)
                   or id in (select conversation_id from messages where sender_contact_id = $2)
                   or id in (select conversation_id from named_contacts where contact_id = $2) as has_words
          from conversations
        ) c
        where c.has_words or c.group_id in (select group_id from group_members where contact_id = $2)
        order by c.id
        for update
        """;

    // What an agent called them stands before what they call themselves.
    private const string TakeName = """
        update contacts k
        set name = case when j.name_source = 'agent' and k.name_source <> 'agent' then j.name else coalesce(k.name, j.name) end,
            name_source = case when 'agent' in (k.name_source, j.name_source) then 'agent' else k.name_source end,
            picture_sha256 = coalesce(k.picture_sha256, j.picture_sha256), picture_type = coalesce(k.picture_type, j.picture_type),
            picture_source = coalesce(k.picture_source, j.picture_source), picture_due_at = least(k.picture_due_at, j.picture_due_at),
            version = greatest(k.version, j.version) + 1
        from contacts j
        where k.id = $1 and j.id = $2
        """;

    // The other spelling of a number that is kept stays behind it, whichever they wrote from last.
    private const string MoveAddresses = """
        update contact_identities i
        set contact_id = $1,
            last_heard_at = case when not exists (
              select from contact_identities k
              where k.contact_id = $1 and k.kind = 'phone' and i.kind = 'phone'
                and regexp_replace(k.value, '^(55\d\d)9?([6-9]\d{7})$', '\1\2')
                  = regexp_replace(i.value, '^(55\d\d)9?([6-9]\d{7})$', '\1\2')
            ) then last_heard_at end
        where contact_id = $2
        """;

    private const string MoveConversations =
        "update conversations set contact_id = $1 where contact_id = $2";

    private const string MoveSenders =
        "update messages set sender_contact_id = $1, version = version + 1 where sender_contact_id = $2";

    // What they did to messages stands in these, by their id.
    private const string MoveReactions = """
        update messages
        set reactions = replace(reactions::text, $2::text, $1::text)::jsonb,
            content = replace(content::text, $2::text, $1::text)::jsonb,
            reply_to = replace(reply_to::text, $2::text, $1::text)::jsonb,
            mentions = replace(mentions::text, $2::text, $1::text)::jsonb,
            version = version + 1
        where conversation_id = any($3) and concat(reactions, content, reply_to, mentions) like '%' || $2::text || '%'
        """;

    // Under two addresses one person may have reacted and voted twice: the later one holds.
    private const string FoldReactions = """
        update messages m
        set reactions = (
          select jsonb_agg(r order by (r ->> 'at')::timestamptz, r #>> '{by,id}')
          from (
            select distinct on (r #>> '{by,kind}', coalesce(r #>> '{by,id}', r::text)) r
            from jsonb_array_elements(m.reactions) r
            order by r #>> '{by,kind}', coalesce(r #>> '{by,id}', r::text), (r ->> 'at')::timestamptz desc, r ->> 'emoji' desc
          ) one
        )
        where conversation_id = any($2) and reactions is not null
          and (select count(*) > 1 from jsonb_array_elements(m.reactions) r where r #>> '{by,id}' = $1::text)
        """;

    private const string FoldVotes = """
        update messages m
        set content = jsonb_set(content, '{votes}', (
          select jsonb_agg(v order by (v ->> 'at')::timestamptz, v #>> '{by,id}')
          from (
            select distinct on (v #>> '{by,kind}', coalesce(v #>> '{by,id}', v::text)) v
            from jsonb_array_elements(m.content -> 'votes') v
            order by v #>> '{by,kind}', coalesce(v #>> '{by,id}', v::text), (v ->> 'at')::timestamptz desc, v ->> 'options' desc
          ) one
        ))
        where conversation_id = any($2) and type = 'poll'
          and (select count(*) > 1 from jsonb_array_elements(m.content -> 'votes') v where v #>> '{by,id}' = $1::text)
        """;

    // Told by a LID and by a phone it looked as if somebody else had done it to them.
    private const string FoldLines = """
        update messages
        set content = content || jsonb_build_object(
          'actor', null, 'event', case content ->> 'event' when 'removed' then 'left' else content ->> 'event' end)
        where conversation_id = any($2) and type = 'system' and content #>> '{actor,contact_id}' = $1::text
          and jsonb_array_length(content -> 'members') = 1 and content #>> '{members,0,contact_id}' = $1::text
        """;

    private const string MoveNames = """
        insert into named_contacts (contact_id, conversation_id, instance_id)
        select $1, conversation_id, instance_id from named_contacts where contact_id = $2
        on conflict do nothing
        """;

    private const string MoveEarlyChanges = """
        update early_changes set change = jsonb_set(change, '{sender,id}', to_jsonb($1::text))
        where change #>> '{sender,id}' = $2::text
        """;

    private const string RaiseGroups = """
        update groups set version = version + 1
        where owner_id = $1 or id in (select group_id from group_members where contact_id = $1)
        """;

    // Both may be in one group, under two addresses.
    private const string MoveMemberships = """
        insert into group_members (group_id, contact_id, is_admin)
        select group_id, $1, is_admin from group_members where contact_id = $2
        on conflict (group_id, contact_id, tenant_id) do update set is_admin = group_members.is_admin or excluded.is_admin
        """;

    private const string MoveOwned = "update groups set owner_id = $1 where owner_id = $2";

    private const string DeleteContact = "delete from contacts where id = $1";

    private const string RaiseVersions =
        "update conversations set version = version + 1 where id = any($1)";

    /// <summary>Does nothing when one of them is gone: another node was faster.</summary>
    public async Task<BatchCommit> RunAsync(
        Guid tenantId,
        ContactsApartException apart,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await database.BeginAsync(tenantId, cancellationToken);
        var contacts = await LockContactsAsync(transaction, apart, cancellationToken);
        if (contacts is not [var kept, var gone])
        {
            return new(null, []);
        }
        var theirs = await LockConversationsAsync(transaction, kept, gone, cancellationToken);
        var joins = theirs
            .Where(c => c.ContactId == gone)
            .Join(
                theirs.Where(c => c.ContactId == kept),
                c => c.InstanceId,
                c => c.InstanceId,
                (from, into) => new ConversationJoin(into.Id, from.Id)
            )
            .ToDictionary(join => join.Kept);
        var left = theirs.Where(c => joins.Values.All(join => join.Gone != c.Id)).ToList();
        await MoveAsync(
            transaction,
            tenantId,
            (kept, gone),
            theirs,
            joins.Values,
            left,
            cancellationToken
        );
        var seq = await TellAsync(transaction, kept, joins, left, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(
            seq,
            [
                .. joins.Keys.Select(into =>
                    JobHint.OfLane(SendMessageJob.Queue, tenantId, into.ToString())
                ),
            ]
        );
    }

    /// <summary>The older one first.</summary>
    private static async Task<List<Guid>> LockContactsAsync(
        TenantTransaction transaction,
        ContactsApartException apart,
        CancellationToken cancellationToken
    )
    {
        var found = new List<(DateTimeOffset CreatedAt, Guid Id)>(2);
        await using var batch = new SqlBatch(transaction.Connection);
        batch.Read(Hurry, _ => { });
        batch.Read(
            LockContacts,
            row => found.Add((row.Time(1), row.GetGuid(0))),
            Value(apart.One),
            Value(apart.Other)
        );
        await batch.RunAsync(cancellationToken);
        return [.. found.Order().Select(contact => contact.Id)];
    }

    private static async Task<List<Held>> LockConversationsAsync(
        TenantTransaction transaction,
        Guid kept,
        Guid gone,
        CancellationToken cancellationToken
    )
    {
        var found = new List<Held>();
        await using var batch = new SqlBatch(transaction.Connection);
        batch.Read(LockGroups, _ => { }, Value(gone));
        batch.Read(
            LockConversations,
            row =>
                found.Add(
                    new(row.GetGuid(0), row.GetGuid(1), row.GuidOrNull(2), row.GetBoolean(3))
                ),
            Value(kept),
            Value(gone)
        );
        await batch.RunAsync(cancellationToken);
        return found;
    }

    private static async Task MoveAsync(
        TenantTransaction transaction,
        Guid tenantId,
        (Guid Kept, Guid Gone) contacts,
        IReadOnlyList<Held> held,
        IReadOnlyCollection<ConversationJoin> joins,
        IReadOnlyList<Held> left,
        CancellationToken cancellationToken
    )
    {
        var (kept, gone) = contacts;
        await using var batch = new SqlBatch(transaction.Connection);
        foreach (var join in joins)
        {
            join.Append(batch);
        }
        batch.Add(TakeName, Value(kept), Value(gone));
        batch.Add(MoveAddresses, Value(kept), Value(gone));
        batch.Add(MoveConversations, Value(kept), Value(gone));
        batch.Add(MoveSenders, Value(kept), Value(gone));
        var conversations = held.Where(one => one.HasWords).Select(one => one.Id).ToArray();
        batch.Add(MoveReactions, Value(kept), Value(gone), Value(conversations));
        batch.Add(FoldReactions, Value(kept), Value(conversations));
        batch.Add(FoldVotes, Value(kept), Value(conversations));
        batch.Add(FoldLines, Value(kept), Value(conversations));
        batch.Add(MoveNames, Value(kept), Value(gone));
        batch.Add(MoveEarlyChanges, Value(kept), Value(gone));
        batch.Add(RaiseGroups, Value(gone));
        batch.Add(MoveMemberships, Value(kept), Value(gone));
        batch.Add(MoveOwned, Value(kept), Value(gone));
        batch.Add(DeleteContact, Value(gone));
        batch.Add(RaiseVersions, Column(left, conversation => conversation.Id));
        foreach (var (into, from) in joins)
        {
            JobLedger.JoinLanes(
                batch.Batch,
                tenantId,
                SendMessageJob.Queue,
                from.ToString(),
                into.ToString()
            );
        }
        await batch.RunForLastAsync(cancellationToken);
    }

    private static async Task<long?> TellAsync(
        TenantTransaction transaction,
        Guid kept,
        Dictionary<Guid, ConversationJoin> joins,
        List<Held> left,
        CancellationToken cancellationToken
    )
    {
        var ids = left.ConvertAll(conversation => conversation.Id);
        var views = await ConversationQuery.ReadAsync(transaction, ids, cancellationToken);
        var events = views.ConvertAll(view =>
            joins.TryGetValue(view.Id, out var join) || view.Group is not null
                ? PendingEvent.Of(
                    LiveEventType.ConversationJoined,
                    view.InstanceId,
                    new ConversationJoinedEvent(join?.Gone, view)
                )
                : PendingEvent.Of(
                    LiveEventType.ConversationUpdated,
                    view.InstanceId,
                    new ConversationEvent(view)
                )
        );
        // Who shows in groups alone is told with these.
        if (views.Find(view => view.Contact?.Id == kept)?.Contact is { } contact)
        {
            events.Add(
                PendingEvent.Of(LiveEventType.ContactUpdated, null, new ContactEvent(contact))
            );
        }
        await using var batch = new SqlBatch(transaction.Connection);
        EventLogWriter.Write(batch, events);
        return await batch.RunForLastAsync(cancellationToken);
    }

    private sealed record Held(Guid Id, Guid InstanceId, Guid? ContactId, bool HasWords);
}
