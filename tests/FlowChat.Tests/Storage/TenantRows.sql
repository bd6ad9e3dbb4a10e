-- A row of every tenant table, for the tenant $tenant. Ids follow from the tenant and a word.
create or replace function pg_temp.id(word text) returns uuid language sql as
$$ select md5('$tenant' || word)::uuid $$;

insert into tenants (id, name) values ('$tenant', 'Acme');
insert into tenant_counters (tenant_id) values ('$tenant');
insert into users (tenant_id, id, email, name, role, password_hash)
values ('$tenant', pg_temp.id('user'), '$tenant@example.com', 'Ana', 'owner', 'x');
insert into sessions (tenant_id, token_hash, user_id, expires_at)
values ('$tenant', sha256('$tenant'::bytea), pg_temp.id('user'), now());
insert into api_keys (tenant_id, id, name, role, key_hash, created_by)
values ('$tenant', pg_temp.id('key'), 'Key', 'owner', sha256('$tenant'::bytea), pg_temp.id('user'));
insert into instances (tenant_id, id, name, gateway, state)
values ('$tenant', pg_temp.id('instance'), 'Loja', 'sandbox', 'open');
insert into quarantine (tenant_id, id, instance_id, reason, body)
values ('$tenant', pg_temp.id('quarantine'), pg_temp.id('instance'), 'no JSON', 'x');
insert into contacts (tenant_id, id) values ('$tenant', pg_temp.id('contact'));
insert into contact_identities (tenant_id, kind, value, contact_id)
values ('$tenant', 'phone', '5511987654321', pg_temp.id('contact'));
insert into groups (tenant_id, id, jid, owner_id) values ('$tenant', pg_temp.id('group'), '1@g.us', pg_temp.id('contact'));
insert into group_members (tenant_id, group_id, contact_id, is_admin)
values ('$tenant', pg_temp.id('group'), pg_temp.id('contact'), true);
insert into conversations (tenant_id, id, instance_id, contact_id, group_id, assignee_id, last_activity_at)
values ('$tenant', pg_temp.id('direct'), pg_temp.id('instance'), pg_temp.id('contact'), null, null, now()),
       ('$tenant', pg_temp.id('empty'), pg_temp.id('instance'), null, pg_temp.id('group'), pg_temp.id('user'), now());
insert into contacts (tenant_id, id) values ('$tenant', pg_temp.id('silent'));
insert into conversations (tenant_id, id, instance_id, contact_id, last_activity_at)
values ('$tenant', pg_temp.id('silent direct'), pg_temp.id('instance'), pg_temp.id('silent'), now());
insert into joined_conversations (tenant_id, id, conversation_id, instance_id)
values ('$tenant', pg_temp.id('joined'), pg_temp.id('direct'), pg_temp.id('instance'));
insert into messages (tenant_id, id, conversation_id, instance_id, direction, type, status, sender_contact_id, sender_user_id, sent_at, arrival)
values ('$tenant', pg_temp.id('message'), pg_temp.id('direct'), pg_temp.id('instance'), 'in', 'text', 'received',
        pg_temp.id('contact'), pg_temp.id('user'), now(), 1);
insert into raw_messages (tenant_id, message_id, body) values ('$tenant', pg_temp.id('message'), '{}');
insert into earlier_ids (tenant_id, instance_id, wa_id, message_id)
values ('$tenant', pg_temp.id('instance'), 'A', pg_temp.id('message'));
insert into early_receipts (tenant_id, instance_id, wa_id, status)
values ('$tenant', pg_temp.id('instance'), 'A', 'read');
insert into early_changes (tenant_id, id, instance_id, wa_id, change)
values ('$tenant', pg_temp.id('change'), pg_temp.id('instance'), 'A', '{}');
insert into named_contacts (tenant_id, contact_id, conversation_id, instance_id)
values ('$tenant', pg_temp.id('contact'), pg_temp.id('direct'), pg_temp.id('instance'));
insert into attachments (tenant_id, id, message_id, kind, mime_type, state, created_by)
values ('$tenant', pg_temp.id('attachment'), pg_temp.id('message'), 'image', 'image/jpeg', 'pending', pg_temp.id('user'));
insert into held_echoes (tenant_id, instance_id, wa_id, conversation_id, message)
values ('$tenant', pg_temp.id('instance'), 'A', pg_temp.id('direct'), '{}');
insert into events (tenant_id, seq, type, instance_id, data)
values ('$tenant', 1, 'reset', pg_temp.id('instance'), '{}');
insert into job_lanes (tenant_id, queue, lane, last_no) values ('$tenant', 'q', 'l', 1);
insert into job_keys (tenant_id, queue, limit_key) values ('$tenant', 'q', 'k');
insert into jobs (tenant_id, id, queue, payload, state, due_at)
values ('$tenant', pg_temp.id('job'), 'q', '{}', 'available', now());
insert into job_history (tenant_id, queue, job_id, outcome, payload, attempt, enqueued_at)
values ('$tenant', 'q', pg_temp.id('job'), 'completed', '{}', 1, now());
