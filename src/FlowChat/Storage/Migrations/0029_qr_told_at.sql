-- When the gateway told of the newest pairing code, by its own clock: webhooks come in any order.
alter table instances add column qr_told_at timestamptz;
