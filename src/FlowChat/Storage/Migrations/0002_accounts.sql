create table users (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  email text not null,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  is_operator boolean not null default false,
  password_hash text not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  primary key (tenant_id, id)
);

-- Sign-in knows an address before it knows a tenant.
create unique index users_email on users (lower(email));

create table sessions (
  tenant_id uuid not null default current_tenant() references tenants,
  token_hash bytea not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (tenant_id, token_hash),
  foreign key (tenant_id, user_id) references users on delete cascade
);

create unique index sessions_token on sessions (token_hash);
create index sessions_user on sessions (tenant_id, user_id);
create index sessions_expiry on sessions (expires_at);

create table api_keys (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  is_operator boolean not null default false,
  key_hash bytea not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, created_by) references users
);

create unique index api_keys_hash on api_keys (key_hash);

-- By the hash of the address typed, so that an unknown address is locked like a known one.
create table sign_in_failures (
  email_hash bytea primary key,
  failures int not null,
  last_at timestamptz not null,
  locked_until timestamptz
);

grant select, insert, update, delete on sign_in_failures to flowchat_system;

-- The data protection key ring, shared by all nodes; each element is encrypted with the master key.
create table key_ring (
  name text primary key,
  element text not null,
  created_at timestamptz not null default now()
);

grant select, insert on key_ring to flowchat_system;

call protect_tenant_table('users', 'select, insert');
call protect_tenant_table('sessions', 'select, insert, update, delete');
call protect_tenant_table('api_keys', 'select, insert');
