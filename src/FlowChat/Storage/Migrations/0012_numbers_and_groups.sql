alter table instances
  -- What the gateway shall call, and when it was told so last; null while it wasn't.
  add column webhook_url text,
  add column webhook_set_at timestamptz,
  -- Since when it is in its state, and when it was connected last; null once an admin logged it out.
  add column state_at timestamptz not null default now(),
  add column opened_at timestamptz,
  -- What an operator was told of it and hasn't ended yet.
  add column alarm text,
  add column alarm_at timestamptz;

update instances set opened_at = now() where state = 'open';

-- Up to when the gateway was asked for what its webhooks didn't bring.
alter table instances add column filled_at timestamptz;

alter table groups
  add column description text,
  add column owner_id uuid,
  -- When a gateway last told all of it; null while none did.
  add column fetched_at timestamptz,
  add foreign key (tenant_id, owner_id) references contacts;

create table group_members (
  tenant_id uuid not null default current_tenant() references tenants,
  group_id uuid not null,
  contact_id uuid not null,
  is_admin boolean not null,
  primary key (group_id, contact_id, tenant_id),
  foreign key (tenant_id, group_id) references groups on delete cascade,
  foreign key (tenant_id, contact_id) references contacts on delete cascade
);

create index group_members_contact on group_members (contact_id);

call protect_tenant_table('group_members');
