-- The tenant of the running transaction: set by the app role, absent for the others.
create function current_tenant() returns uuid
language sql stable parallel safe
return nullif(current_setting('flowchat.tenant', true), '')::uuid;

-- Every table with a tenant_id is passed through here, once, in the migration that makes it.
create procedure protect_tenant_table(target regclass, system_may text default '')
language plpgsql as $$
begin
  execute format('alter table %s enable row level security, force row level security', target);
  execute format('create policy tenant on %s to flowchat_app using (tenant_id = current_tenant())', target);
  execute format('create policy migrator on %s to flowchat_migrator using (true)', target);
  execute format('grant select, insert, update, delete on %s to flowchat_app', target);
  if system_may <> '' then
    execute format('create policy system on %s to flowchat_system using (true)', target);
    execute format('grant %s on %s to flowchat_system', system_may, target);
  end if;
end $$;

create table tenants (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);

alter table tenants enable row level security, force row level security;
create policy tenant on tenants to flowchat_app using (id = current_tenant());
create policy migrator on tenants to flowchat_migrator using (true);
create policy system on tenants to flowchat_system using (true);
grant select, update on tenants to flowchat_app;
grant select on tenants to flowchat_system;

-- The last seq of the tenant's event log. Locked last by every change, so that commit order is seq order.
create table tenant_counters (
  tenant_id uuid primary key default current_tenant() references tenants,
  seq bigint not null default 0
) with (fillfactor = 50);

call protect_tenant_table('tenant_counters', 'select');
