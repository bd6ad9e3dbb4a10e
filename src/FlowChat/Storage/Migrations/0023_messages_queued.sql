-- What a sweep asks again and again: which sends wait.
create index concurrently messages_queued on messages (id) where status = 'queued';
