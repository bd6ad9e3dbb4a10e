-- Jobs of the key that may run at once, in place of what its queue says; null = as the queue says.
alter table job_keys add column concurrency int check (concurrency > 0);
