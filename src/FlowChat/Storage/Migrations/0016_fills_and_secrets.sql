alter table instances
  -- The newest webhook secret, so that its gateway can be told again, and when that was tried last.
  add column webhook_secret_sealed bytea,
  add column webhook_tried_at timestamptz,
  -- Since when somebody asks for what its webhooks didn't bring; null while nobody does.
  add column fill_claimed_at timestamptz;
