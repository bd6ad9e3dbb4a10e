-- The gateway's ids that messages had before they were sent again: what still comes of such an id is no message of its own.
create table earlier_ids (
  tenant_id uuid not null default current_tenant() references tenants,
  instance_id uuid not null,
  wa_id text not null,
  message_id uuid not null,
  primary key (instance_id, wa_id, tenant_id),
  foreign key (tenant_id, instance_id) references instances,
  foreign key (message_id, tenant_id) references messages on delete cascade
);

create index earlier_ids_message on earlier_ids (message_id);

call protect_tenant_table('earlier_ids');
