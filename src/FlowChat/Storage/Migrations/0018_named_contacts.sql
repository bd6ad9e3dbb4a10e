-- Who stands in a conversation's messages without having written them: who reacted, voted, was mentioned or came and went.
-- Two contacts that turn out to be one person are one there, too.
create table named_contacts (
  tenant_id uuid not null default current_tenant() references tenants,
  contact_id uuid not null,
  conversation_id uuid not null,
  instance_id uuid not null,
  primary key (contact_id, conversation_id, tenant_id),
  foreign key (tenant_id, contact_id) references contacts on delete cascade,
  foreign key (tenant_id, conversation_id, instance_id) references conversations on delete cascade
);

create index named_contacts_conversation on named_contacts (tenant_id, conversation_id, instance_id);

call protect_tenant_table('named_contacts');
