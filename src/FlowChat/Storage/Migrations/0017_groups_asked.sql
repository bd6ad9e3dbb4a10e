alter table groups
  -- When a gateway last answered for it, whatever it said: who left a group isn't told of it any more.
  add column asked_at timestamptz,
  -- WhatsApp's time of the name, in seconds: an older name never replaces it.
  add column named_at bigint;

update groups set asked_at = fetched_at;
