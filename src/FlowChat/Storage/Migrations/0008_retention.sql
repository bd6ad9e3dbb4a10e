-- The secret before the last one ends some time after this.
alter table instances add column secret_rotated_at timestamptz;
update instances set secret_rotated_at = now() where cardinality(webhook_secret_hashes) > 1;

create index quarantine_received_at on quarantine (received_at);
