-- What a gateway sent of a message whose kind can't be shown, whole: it may be as large as a webhook.
create table raw_messages (
  tenant_id uuid not null default current_tenant() references tenants,
  message_id uuid not null,
  body text not null,
  primary key (message_id, tenant_id)
);

call protect_tenant_table('raw_messages');

insert into raw_messages (tenant_id, message_id, body)
select tenant_id, id, content ->> 'message' from messages where type = 'unsupported' and content ? 'message';

update messages m
set content = content - 'message'
from raw_messages r
where m.id = r.message_id and m.tenant_id = r.tenant_id;

-- Last: whoever writes messages waits for it.
alter table raw_messages add foreign key (message_id, tenant_id) references messages on delete cascade;
