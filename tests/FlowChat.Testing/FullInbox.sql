-- $instance's inbox as it is after years: $conversations conversations of one message, the first one with a history of $messages.
select set_config('flowchat.tenant', (select tenant_id::text from instances where id = '$instance'), false);

create temp table people on commit drop as
select n,
       gen_random_uuid() as contact_id,
       gen_random_uuid() as conversation_id,
       case n when 0 then 'Helena Longa' else format('Cliente %s', n) end as name,
       case n when 0 then $messages else 1 end as messages,
       date_trunc('second', now()) - n * interval '7 minutes' as last_at
from generate_series(0, $conversations - 1) n;

create temp table history on commit drop as
select p.conversation_id, p.contact_id, p.name, nth, gen_random_uuid() as id,
       nth % 3 = 0 and p.n = 0 as ours,
       p.last_at - (p.messages - nth) * interval '9 minutes' as sent_at
from people p, generate_series(1, p.messages) nth;

insert into contacts (id, name) select contact_id, name from people;

insert into contact_identities (kind, value, contact_id)
select 'phone', (5511910000000 + n)::text, contact_id from people;

insert into conversations (id, instance_id, contact_id, last_message_id, last_activity_at, arrivals, seen_arrivals)
select p.conversation_id, '$instance', p.contact_id, h.id, p.last_at, p.messages, p.messages
from people p join history h on h.conversation_id = p.conversation_id and h.nth = p.messages;

insert into messages
  (id, conversation_id, instance_id, direction, type, text, status, wa_id, sender_kind, sender_contact_id, sender_name, sent_at, arrival)
select id, conversation_id, '$instance',
       case when ours then 'out' else 'in' end,
       'text',
       format('Mensagem %s%s', nth, repeat(' e mais algumas palavras', (nth % 5)::int)),
       case when ours then 'read' else 'received' end,
       id::text,
       case when ours then 'phone' else 'contact' end,
       case when not ours then contact_id end,
       case when not ours then name end,
       sent_at, nth
from history;

-- As autovacuum does after a minute.
analyze contacts, contact_identities, conversations, messages;
