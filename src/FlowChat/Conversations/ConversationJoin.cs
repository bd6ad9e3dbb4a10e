using FlowChat.Storage;
using static FlowChat.Storage.SqlBatch;

namespace FlowChat.Conversations;

/// <summary>Two conversations of one person on one instance become one. Both are locked.</summary>
internal sealed record ConversationJoin(Guid Kept, Guid Gone)
{
    // As if it had been one from the start. Arrivals are given anew: what the team has seen first, because its mark is an
    // arrival, and then as the messages came; those of each conversation keep their order.
    private const string JoinThreads = """
        with came as (
          select m.id, m.conversation_id, m.direction, m.type, m.sent_at, m.arrival, m.arrival <= c.seen_arrivals as seen,
                 max(m.created_at) over (partition by m.conversation_id order by m.arrival) as came
          from messages m
          join conversations c on c.id = m.conversation_id
          where m.conversation_id in ($1, $2)
        ), placed as (
          select *, row_number() over (order by seen desc, came, conversation_id = $1 desc, arrival) as place from came
        ), moved as (
          update messages m set conversation_id = $1, arrival = p.place, version = m.version + 1
          from placed p
          where m.id = p.id
        ), answer as (
          select c.answered_at as at, coalesce(p.place, 0) as place
          from conversations c
          left join placed p on p.conversation_id = c.id and p.arrival = c.answered_arrival
          where c.id in ($1, $2)
          order by 1 desc, 2 desc
          limit 1
        )
        update conversations k
        set status = case when 'open' in (k.status, g.status) then 'open'
                          when 'snoozed' in (k.status, g.status) then 'snoozed'
                          else 'resolved' end,
            assignee_id = coalesce(k.assignee_id, g.assignee_id),
            unread_count = (
              select count(*) from placed p
              where p.direction = 'in' and p.type <> 'system' and not p.seen
                and (p.sent_at, p.place) > (answer.at, answer.place)),
            seen_arrivals = (select count(*) from placed where seen),
            answered_at = answer.at,
            answered_arrival = answer.place,
            last_message_id = (select id from placed order by sent_at desc, place desc limit 1),
            last_activity_at = greatest(k.last_activity_at, g.last_activity_at),
            arrivals = (select count(*) from placed),
            version = greatest(k.version, g.version),
            created_at = least(k.created_at, g.created_at),
            window_closes_at = greatest(k.window_closes_at, g.window_closes_at),
            paced_until = greatest(k.paced_until, g.paced_until)
        from conversations g, answer
        where k.id = $1 and g.id = $2
        """;

    // Who answered under one address what came under the other waited in vain.
    private const string LinkQuotes = """
        update messages m
        set quoted_wa_id = null, version = m.version + 1,
            reply_to = m.reply_to
              || jsonb_build_object('message_id', q.id)
              || case when q.sender_kind is null then '{}' else jsonb_build_object('sender', jsonb_build_object(
                   'kind', q.sender_kind, 'id', coalesce(q.sender_contact_id, q.sender_user_id), 'name', q.sender_name)) end
              || case when q.type = 'unsupported' then '{}' else jsonb_build_object('type', q.type) end
              || case when q.type = 'unsupported' and q.deleted_at is null then '{}' else jsonb_build_object(
                   'text', case when q.deleted_at is null then q.text end,
                   'mentions', case when q.deleted_at is null then coalesce(q.mentions, '[]') else '[]' end) end
        from messages q
        where m.conversation_id = $1 and m.quoted_wa_id is not null
          and q.conversation_id = $1 and q.instance_id = m.instance_id and q.wa_id = m.quoted_wa_id
        """;

    private const string MoveEchoes =
        "update held_echoes set conversation_id = $1 where conversation_id = $2";

    private const string MoveNames = """
        insert into named_contacts (contact_id, conversation_id, instance_id)
        select contact_id, $1, instance_id from named_contacts where conversation_id = $2
        on conflict do nothing
        """;

    private const string MoveEarlierJoins =
        "update joined_conversations set conversation_id = $1 where conversation_id = $2";

    private const string Remember = """
        insert into joined_conversations (id, conversation_id, instance_id)
        select $2, id, instance_id from conversations where id = $1
        """;

    private const string Delete = "delete from conversations where id = $1";

    public void Append(SqlBatch batch)
    {
        batch.Add(JoinThreads, Value(Kept), Value(Gone));
        batch.Add(LinkQuotes, Value(Kept));
        batch.Add(MoveEchoes, Value(Kept), Value(Gone));
        batch.Add(MoveNames, Value(Kept), Value(Gone));
        batch.Add(MoveEarlierJoins, Value(Kept), Value(Gone));
        batch.Add(Remember, Value(Kept), Value(Gone));
        batch.Add(Delete, Value(Gone));
    }
}
