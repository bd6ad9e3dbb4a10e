create table job_queues (
  queue text primary key,
  paused_at timestamptz
);

-- The lane's row lock gives the numbers and decides who is head: whoever adds to a lane or takes a job out of it
-- locks the row first and looks at the lane in a later statement, so that the look sees all that went before.
create table job_lanes (
  tenant_id uuid not null default '00000000-0000-0000-0000-000000000000',
  queue text not null,
  lane text not null,
  last_no bigint not null,
  primary key (tenant_id, queue, lane)
) with (fillfactor = 70);

-- What shares a limit: claimed under the row's lock, in turn, and left alone while parked.
create table job_keys (
  tenant_id uuid not null default '00000000-0000-0000-0000-000000000000',
  queue text not null,
  limit_key text not null,
  parked_until timestamptz,
  park_reason text,
  claim_token uuid,
  claimed_at timestamptz not null default '-infinity',
  primary key (tenant_id, queue, limit_key)
) with (fillfactor = 70);

create index job_keys_turn on job_keys (queue, claimed_at);
create index job_keys_claim on job_keys (claim_token) where claim_token is not null;

-- blocked: behind another job of its lane. available: may be claimed from due_at on. leased: a worker has it.
-- dead: waits for people.
create table jobs (
  tenant_id uuid not null default '00000000-0000-0000-0000-000000000000',
  id uuid not null,
  queue text not null,
  payload jsonb not null,
  lane text,
  lane_no bigint,
  limit_key text,
  state text not null check (state in ('blocked', 'available', 'leased', 'dead')),
  due_at timestamptz not null,
  expires_at timestamptz,
  attempt int not null default 0,
  lease_token uuid,
  lease_until timestamptz,
  worker text,
  reason text,
  errors jsonb not null default '[]',
  trace_parent text,
  enqueued_at timestamptz not null default now(),
  dead_at timestamptz,
  primary key (tenant_id, id),
  check ((lane is null) = (lane_no is null)),
  check ((state = 'leased') = (lease_token is not null and lease_until is not null)),
  check ((state = 'dead') = (dead_at is not null))
);

create index jobs_due on jobs (queue, due_at) where state = 'available';
create index jobs_lease on jobs (queue, lease_until) where state = 'leased';
create index jobs_dead on jobs (queue, dead_at desc, id desc) where state = 'dead';
create unique index jobs_lane on jobs (tenant_id, queue, lane, lane_no) where lane is not null and state <> 'dead';
create index jobs_key_due on jobs (tenant_id, queue, limit_key, due_at)
  where state = 'available' and limit_key is not null;
create index jobs_key_expiry on jobs (tenant_id, queue, limit_key, expires_at)
  where state = 'available' and limit_key is not null and expires_at is not null;
create index jobs_key_leased on jobs (tenant_id, queue, limit_key) where state = 'leased' and limit_key is not null;

-- The last completed and failed jobs of each queue; older ones are trimmed.
create table job_history (
  tenant_id uuid not null default '00000000-0000-0000-0000-000000000000',
  no bigint generated always as identity,
  queue text not null,
  job_id uuid not null,
  outcome text not null check (outcome in ('completed', 'failed')),
  payload jsonb not null,
  lane text,
  attempt int not null,
  error text,
  enqueued_at timestamptz not null,
  finished_at timestamptz not null default now(),
  primary key (tenant_id, no)
);

create index job_history_last on job_history (queue, outcome, no desc);

-- Ends the transaction of a worker that no longer owns its job, so that its effect is not committed.
create function job_lease_lost(job_id uuid) returns void
language plpgsql volatile as $$
begin
  raise exception 'the lease of job % is lost', job_id using errcode = 'FQ001';
end $$;
