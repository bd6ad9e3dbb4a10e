-- The tenant's log of visible changes. An event holds the whole new state of its things.
-- No foreign keys: a row is a copy of what the same transaction wrote under them, and its seq is from the tenant's counter.
create table events (
  tenant_id uuid not null default current_tenant(),
  seq bigint not null,
  type text not null,
  instance_id uuid,
  at timestamptz not null default now(),
  -- json, not jsonb: written once, read as a whole, never searched.
  data json not null,
  primary key (tenant_id, seq)
);

create index events_at on events (at);

call protect_tenant_table('events', 'select');
