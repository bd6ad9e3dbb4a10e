create index concurrently messages_waiting_quotes on messages (instance_id, quoted_wa_id) where quoted_wa_id is not null;
