-- The tenant's log of visible changes. An event holds the whole new state of its things.
create table events (
  tenant_id uuid not null default current_tenant() references tenants,
  seq bigint not null,
  type text not null,
  instance_id uuid,
  at timestamptz not null default now(),
  -- json, not jsonb: written once, read as a whole, never searched.
  data json not null,
  primary key (tenant_id, seq),
  foreign key (tenant_id, instance_id) references instances
);

create index events_at on events (at);

call protect_tenant_table('events', 'select');
