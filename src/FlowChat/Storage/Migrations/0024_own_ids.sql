-- 'given' = the last call for this send gave the gateway wa_id, which is FlowChat's own; 'kept' = an earlier one did. Null once
-- something has told that WhatsApp has it, and of all other messages.
alter table messages add column own_id text;

-- What a gateway says of its release, and whether it has answered with another id than the one that it was given.
alter table instances
  add column gateway_version text,
  add column ignores_ids boolean not null default false,
  -- Up to when the gateway was asked for sends in doubt, and since when somebody asks.
  add column searched_at timestamptz,
  add column search_claimed_at timestamptz;
