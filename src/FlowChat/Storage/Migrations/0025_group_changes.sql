-- When the last change of its members happened that was told by itself: an older one never overwrites it.
alter table groups add column changed_at timestamptz;
