-- The gateway's id of what a message answers, while that isn't here: whoever brings it finds the quotes that wait for it.
-- A column of its own: row-level security keeps an index on an expression from being used.
alter table messages add column quoted_wa_id text;

update messages
set quoted_wa_id = reply_to ->> 'wa_id'
where reply_to is not null and reply_to ->> 'message_id' is null and length(reply_to ->> 'wa_id') <= 256;
