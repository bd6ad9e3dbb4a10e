-- What began within the last period of a rate: times, oldest first, and how many at each. Until full_until nothing more
-- may begin: it spares looks, and the count under the row's lock decides.
alter table job_queues
  add column claim_token uuid,
  add column begun timestamptz[],
  add column begun_counts int[],
  add column full_until timestamptz;

alter table job_keys
  add column begun timestamptz[],
  add column begun_counts int[],
  add column full_until timestamptz;

create index job_keys_full on job_keys (queue, full_until) where full_until is not null;

-- How many more may begin now. The period is in seconds: an interval of days has no length of its own.
create function job_permits(begun timestamptz[], counts int[], rate int, period float8) returns int
language sql volatile as $$
  select rate - coalesce(sum(b.started), 0)::int from unnest(begun, counts) as b(at, started)
  where b.at > clock_timestamp() - make_interval(secs => period)
$$;

-- Counts those that begin now, and forgets those of a period ago.
create function job_begin(
  inout begun timestamptz[], inout counts int[], started int, rate int, period float8, out full_until timestamptz
)
language plpgsql volatile as $$
declare
  moment timestamptz := clock_timestamp();
  span interval := make_interval(secs => period);
  last int;
begin
  select coalesce(array_agg(b.at order by b.at), '{}'), coalesce(array_agg(b.n order by b.at), '{}')
  into begun, counts
  from unnest(begun, counts) as b(at, n) where b.at > moment - span;
  last := cardinality(begun);
  -- However high the rate, the row stays small: beyond 256 times, near ones are counted as the later of them.
  if started > 0 and last >= 256 and begun[last] > moment - span / 256 then
    begun[last] := moment;
    counts[last] := counts[last] + started;
  elsif started > 0 then
    begun := begun || moment;
    counts := counts || started;
  end if;
  select max(b.at) + span into full_until
  from (select at, sum(n) over (order by at desc) as since from unnest(begun, counts) as t(at, n)) b
  where b.since >= rate;
end $$;
