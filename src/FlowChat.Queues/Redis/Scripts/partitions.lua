-- In the first partition. ARGV[3]: into how many the caller splits the queue.
-- Answers how many there ever were at most, and what processes said within the last minute.
local MINUTE = 60 * 1000000
local most = tonumber(call('HGET', meta, 'most_partitions')) or 1
if most < tonumber(ARGV[3]) then
  most = tonumber(ARGV[3])
  call('HSET', meta, 'most_partitions', most)
end
local said = base .. 'partitions'
call('ZADD', said, now, ARGV[3])
call('ZREMRANGEBYSCORE', said, '-inf', now - MINUTE)
return { most, call('ZRANGE', said, 0, -1) }
