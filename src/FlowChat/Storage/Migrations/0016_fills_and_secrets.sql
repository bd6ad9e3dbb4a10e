alter table instances
  -- The newest webhook secret, so that its gateway can be told again, and when that was tried last.
  add column webhook_secret_sealed bytea,
  add column webhook_tried_at timestamptz;
