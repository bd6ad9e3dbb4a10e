-- What belongs to a bubble is read with it: one row, no join.
alter table messages
  -- What it answers, as the quote said it: that message may be unknown here.
  add column reply_to jsonb,
  add column mentions jsonb,
  -- One of each person. A removed one stays without its emoji and with its time, so that an older one can't come back.
  add column reactions jsonb,
  add column attachments jsonb,
  -- What it said before, with the time at which that ended.
  add column edits jsonb,
  add column edited_at timestamptz,
  add column deleted_at timestamptz,
  -- What the team has done to it and WhatsApp doesn't have yet, or refused.
  add column change jsonb;

-- A reaction, an edit, a vote or a removal that came before its message waits here for it.
create table early_changes (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  instance_id uuid not null,
  wa_id text not null,
  change jsonb not null,
  received_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, instance_id) references instances
);

create index early_changes_message on early_changes (instance_id, wa_id);

create table attachments (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  -- None while it is uploaded and not sent yet.
  message_id uuid,
  kind text not null check (kind in ('image', 'video', 'audio', 'voice', 'document', 'sticker')),
  mime_type text not null,
  file_name text,
  size_bytes bigint,
  -- The name of its bytes in the media store.
  sha256 text,
  state text not null check (state in ('pending', 'ready', 'unavailable')),
  reason text,
  -- Width, height, duration and waveform.
  facts jsonb,
  -- Where its bytes come from, in the gateway's words.
  source jsonb,
  created_by uuid,
  created_at timestamptz not null default now(),
  primary key (id, tenant_id),
  foreign key (message_id, tenant_id) references messages,
  foreign key (tenant_id, created_by) references users
);

create index attachments_message on attachments (message_id) where message_id is not null;
create index attachments_sha256 on attachments (sha256) where sha256 is not null;
create index attachments_unsent on attachments (created_at) where message_id is null;
create index attachments_pending on attachments (created_at) where state = 'pending';

-- A conversation's gallery.
create index messages_with_attachments on messages (conversation_id, sent_at, arrival) where attachments is not null;

call protect_tenant_table('early_changes');
call protect_tenant_table('attachments');
