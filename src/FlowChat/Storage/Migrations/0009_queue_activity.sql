-- Figures of the queues that all processes share. They count jobs, name none and belong to no tenant.

-- Each process says again and again which workers it has: who falls silent is gone.
create table queue_workers (
  name text primary key,
  queue text not null,
  seen_at timestamptz not null default now()
);

create table queue_totals (
  queue text primary key,
  completed bigint not null,
  failed bigint not null
);

-- What one process did in a few seconds; waits and runs are counted by duration. Kept for some minutes.
create table queue_activity (
  queue text not null,
  at timestamptz not null default now(),
  completed int not null,
  failed int not null,
  waits int[] not null,
  runs int[] not null
);

create index queue_activity_at on queue_activity (at);

grant select, insert, update, delete on queue_workers, queue_totals, queue_activity to flowchat_system;
