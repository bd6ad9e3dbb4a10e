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
