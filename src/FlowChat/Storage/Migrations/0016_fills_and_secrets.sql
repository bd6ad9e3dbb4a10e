alter table instances
  -- The newest webhook secret, so that its gateway can be told again, and when that was tried last.
  add column webhook_secret_sealed bytea,
  add column webhook_tried_at timestamptz,
  -- Since when somebody asks for what its webhooks didn't bring; null while nobody does.
  add column fill_claimed_at timestamptz,
  -- Since when its webhooks are known not to come; null while they do.
  add column silent_at timestamptz;

-- A search finds the same reaction each time.
delete from early_changes e
using early_changes o
where e.instance_id = o.instance_id and e.wa_id = o.wa_id and e.change = o.change and e.id > o.id;

create unique index early_changes_once on early_changes (instance_id, wa_id, md5(change::text), tenant_id);
