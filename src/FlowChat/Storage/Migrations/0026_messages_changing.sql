-- What a look asks every two minutes: which messages have a change on its way, or one that failed.
create index concurrently messages_changing on messages (id) where change is not null;
