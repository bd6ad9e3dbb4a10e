-- What a gateway sent of a message whose kind can't be shown, whole: it may be as large as a webhook.
create table raw_messages (
  tenant_id uuid not null default current_tenant() references tenants,
  message_id uuid not null,
  body text not null,
  primary key (message_id, tenant_id),
  foreign key (message_id, tenant_id) references messages on delete cascade
);

call protect_tenant_table('raw_messages');

insert into raw_messages (tenant_id, message_id, body)
select tenant_id, id, content ->> 'message' from messages where type = 'unsupported' and content ? 'message';

update messages set content = content - 'message' where type = 'unsupported' and content ? 'message';
