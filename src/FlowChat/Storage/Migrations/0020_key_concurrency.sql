-- !include FlowChat.Queues/0004_key_concurrency.sql

-- Numbers of the Cloud API make several calls at once: those that are here from before, too.
insert into job_keys (tenant_id, queue, limit_key, concurrency)
select tenant_id, 'send_message', id::text, least(16, greatest(1, coalesce(sends_per_second, 80) / 4))
from instances
where gateway = 'cloud' and deleted_at is null
on conflict (tenant_id, queue, limit_key) do update set concurrency = excluded.concurrency;
