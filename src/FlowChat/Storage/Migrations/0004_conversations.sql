create table contacts (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  name text,
  -- Who gave the name: 'phone' is what the person chose, 'agent' is never overwritten by it.
  name_source text not null default 'phone' check (name_source in ('phone', 'agent')),
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id)
);

-- One person, several addresses: the phone's JID, its LID.
create table contact_identities (
  tenant_id uuid not null default current_tenant() references tenants,
  kind text not null check (kind in ('phone', 'lid', 'business')),
  value text not null,
  contact_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, kind, value),
  foreign key (tenant_id, contact_id) references contacts on delete cascade
);

create index contact_identities_contact on contact_identities (tenant_id, contact_id);

create table groups (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  jid text not null,
  name text,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, jid)
);

create table conversations (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  instance_id uuid not null,
  contact_id uuid,
  group_id uuid,
  status text not null default 'open' check (status in ('open', 'snoozed', 'resolved')),
  assignee_id uuid,
  unread_count int not null default 0,
  -- What the team has seen: all up to this arrival.
  seen_arrivals bigint not null default 0,
  -- The last answer written outside FlowChat, in thread order: it has read what stands above it.
  answered_at timestamptz not null default '-infinity',
  answered_arrival bigint not null default 0,
  last_message_id uuid,
  last_activity_at timestamptz not null,
  -- How many messages have arrived: the next one's arrival, given under this row's lock.
  arrivals bigint not null default 0,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  -- With the instance, so that a message can't name another one than its conversation.
  primary key (tenant_id, id, instance_id),
  check (num_nonnulls(contact_id, group_id) = 1),
  foreign key (tenant_id, instance_id) references instances,
  foreign key (tenant_id, contact_id) references contacts,
  foreign key (tenant_id, group_id) references groups,
  foreign key (tenant_id, assignee_id) references users
) with (fillfactor = 70);

-- Every message moves its conversation in the list, and so writes each of its indexes: three entries, not five.
create unique index conversations_contact on conversations (contact_id, instance_id, tenant_id) where contact_id is not null;
create unique index conversations_group on conversations (group_id, instance_id, tenant_id) where group_id is not null;
create index conversations_activity on conversations (tenant_id, last_activity_at desc, id desc);

create table messages (
  -- Its tenant is its conversation's: a reference of its own would be checked for every row and say nothing more.
  tenant_id uuid not null default current_tenant(),
  id uuid not null,
  conversation_id uuid not null,
  instance_id uuid not null,
  direction text not null check (direction in ('in', 'out')),
  type text not null,
  text text,
  -- What the gateway sent, of a kind that is not shown yet.
  content jsonb,
  status text not null check (status in
    ('received', 'queued', 'sending', 'sent', 'delivered', 'read', 'played', 'failed', 'unknown')),
  error_code text,
  error_text text,
  -- The gateway's key.id: given by WhatsApp on the way in, known after the send on the way out.
  wa_id text,
  client_message_id text,
  -- When its outcome became unknown: it holds its lane for a while only.
  unknown_at timestamptz,
  sender_kind text check (sender_kind in ('contact', 'user', 'phone')),
  sender_contact_id uuid,
  sender_user_id uuid,
  -- The sender's name when it was written: an old message doesn't change with its sender.
  sender_name text,
  sent_at timestamptz not null,
  -- WhatsApp's time has a resolution of one second: arrival breaks the tie.
  arrival bigint not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  primary key (id, tenant_id),
  foreign key (tenant_id, conversation_id, instance_id) references conversations (tenant_id, id, instance_id),
  foreign key (tenant_id, sender_contact_id) references contacts,
  foreign key (tenant_id, sender_user_id) references users
) with (fillfactor = 85);

-- None of them begins with tenant_id, which every query has: on a table without statistics an index that does looks as good as
-- the right one, and is read through.
create unique index messages_wa_id on messages (instance_id, wa_id) where wa_id is not null;
create unique index messages_client_message_id on messages (client_message_id, tenant_id) where client_message_id is not null;
create index messages_thread on messages (conversation_id, sent_at desc, arrival desc);
create index messages_open_sends on messages (conversation_id) where status in ('sending', 'unknown');

-- A status that came before its message waits here for it.
create table early_receipts (
  tenant_id uuid not null default current_tenant() references tenants,
  instance_id uuid not null,
  wa_id text not null,
  status text not null,
  error_text text,
  received_at timestamptz not null default now(),
  primary key (tenant_id, instance_id, wa_id),
  foreign key (tenant_id, instance_id) references instances
);

-- The echo of a send whose own outcome is still open: kept until that send is settled, so that no bubble doubles.
create table held_echoes (
  tenant_id uuid not null default current_tenant() references tenants,
  instance_id uuid not null,
  wa_id text not null,
  conversation_id uuid not null,
  message jsonb not null,
  received_at timestamptz not null default now(),
  primary key (tenant_id, instance_id, wa_id),
  foreign key (tenant_id, conversation_id, instance_id) references conversations (tenant_id, id, instance_id)
);

create index held_echoes_conversation on held_echoes (conversation_id);

call protect_tenant_table('contacts');
call protect_tenant_table('contact_identities');
call protect_tenant_table('groups');
call protect_tenant_table('conversations');
call protect_tenant_table('messages');
call protect_tenant_table('early_receipts');
call protect_tenant_table('held_echoes');
