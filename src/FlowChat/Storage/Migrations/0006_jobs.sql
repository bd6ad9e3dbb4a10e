-- !include FlowChat.Queues/0001_jobs.sql

alter table jobs alter column tenant_id set default current_tenant(), add foreign key (tenant_id) references tenants;
alter table job_lanes alter column tenant_id set default current_tenant(), add foreign key (tenant_id) references tenants;
alter table job_keys alter column tenant_id set default current_tenant(), add foreign key (tenant_id) references tenants;
alter table job_history alter column tenant_id set default current_tenant(), add foreign key (tenant_id) references tenants;

-- Claims and settles span tenants: the queue's own connection is the system role's.
call protect_tenant_table('jobs', 'select, insert, update, delete');
call protect_tenant_table('job_lanes', 'select, insert, update, delete');
call protect_tenant_table('job_keys', 'select, insert, update, delete');
call protect_tenant_table('job_history', 'select, insert, delete');
grant select, insert, update on job_queues to flowchat_system;
grant select on job_queues to flowchat_app;
