-- The lane that a lane's jobs went over to: a lease taken before still names the old one.
alter table job_lanes add column joined_to text;

create index job_lanes_joined on job_lanes (tenant_id, queue, joined_to) where joined_to is not null;
