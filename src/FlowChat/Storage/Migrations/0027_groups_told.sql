-- When a webhook last told of its members, by our clock: an answer that was asked for before never overwrites it.
alter table groups add column told_at timestamptz;
