create table instances (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  name text not null,
  gateway text not null check (gateway in ('evolution', 'cloud', 'sandbox')),
  base_url text,
  instance_name text,
  api_key_encrypted bytea,
  webhook_secret_hashes bytea[] not null default '{}',
  state text not null check (state in ('open', 'connecting', 'close', 'refused', 'unreachable', 'unknown')),
  state_reason text,
  owner_jid text,
  qr jsonb,
  qr_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id)
);

-- A webhook names its instance before its tenant is known.
create unique index instances_id on instances (id);

-- What could not be parsed or stored, as it came.
create table quarantine (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  instance_id uuid not null,
  event text,
  reason text not null,
  body bytea not null,
  received_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, instance_id) references instances
);

call protect_tenant_table('instances', 'select');
call protect_tenant_table('quarantine');
