-- !include FlowChat.Queues/0002_joined_lanes.sql

-- Conversations that went over into another one: whoever still has their ids is answered for that one.
create table joined_conversations (
  tenant_id uuid not null default current_tenant() references tenants,
  id uuid not null,
  conversation_id uuid not null,
  instance_id uuid not null,
  joined_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, conversation_id, instance_id) references conversations
);

create index joined_conversations_into on joined_conversations (tenant_id, conversation_id);

call protect_tenant_table('joined_conversations');

-- What a contact wrote in groups: nothing else names its sender.
create index messages_sender on messages (sender_contact_id) where sender_contact_id is not null;
