alter table instances
  -- Of Meta's Cloud API: the number and the account there, and what its webhooks are signed with.
  add column phone_number_id text,
  add column business_account_id text,
  add column app_secret_encrypted bytea,
  -- Messages a second; null = as many as its gateway usually takes.
  add column sends_per_second int,
  -- When the rate of its sends is whole again; null = it is.
  add column paced_until timestamptz;

alter table conversations
  -- Until when the gateway takes any message: some do so for a while only after the other side wrote. Null = always.
  add column window_closes_at timestamptz,
  -- When the rate of the sends to this person is whole again; null = it is.
  add column paced_until timestamptz;

alter table early_receipts add column error_code text;
