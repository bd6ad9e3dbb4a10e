-- 'given' = the last call for this send gave the gateway wa_id, which it heeds; 'kept' = a call gave it, and WhatsApp may have the
-- message under another. Null once something has told what WhatsApp has, and of all other messages.
alter table messages add column own_id text;

-- What a gateway says of its release, and whether it has answered with the id that it was given, or with another; null = neither yet.
alter table instances
  add column gateway_version text,
  add column heeds_ids boolean,
  -- Up to when the gateway was asked for sends in doubt, and since when somebody asks.
  add column searched_at timestamptz,
  add column search_claimed_at timestamptz;
