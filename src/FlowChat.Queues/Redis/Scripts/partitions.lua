-- In the first partition. ARGV[3]: into how many the caller splits the queue; ARGV[4]: 1 if it begins to.
-- Answers how many there ever were at most, and how many the last that began splits it into.
local most = tonumber(call('HGET', meta, 'most_partitions')) or 1
if most < tonumber(ARGV[3]) then
  most = tonumber(ARGV[3])
  call('HSET', meta, 'most_partitions', most)
end
if most > 1 and ARGV[4] == '1' then call('HSET', meta, 'partitions', ARGV[3]) end
return { most, tonumber(call('HGET', meta, 'partitions')) or 1 }
