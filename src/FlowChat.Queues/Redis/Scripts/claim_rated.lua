-- ARGV[3]: the worker; ARGV[4]: how many at most; ARGV[5]: how many may begin within ARGV[6] microseconds.
-- Answers the entries, and what to wait for without any: microseconds until more may begin (0: not that), and the last
-- entry that was delivered.
local period, begun = tonumber(ARGV[6]), base .. 'begun'
call('ZREMRANGEBYSCORE', begun, '-inf', now - period)
local free = min(tonumber(ARGV[4]), ARGV[5] - call('ZCARD', begun))
if free <= 0 then
  return { {}, max(1, call('ZRANGE', begun, 0, 0, 'WITHSCORES')[2] + period - now), '' }
end

local found = call('XREADGROUP', 'GROUP', group, ARGV[3], 'COUNT', free, 'STREAMS', stream, '>')
if found then
  for _, entry in ipairs(found[1][2]) do call('ZADD', begun, now, entry[1]) end
  return { found[1][2], 0, '' }
end
for _, info in ipairs(call('XINFO', 'GROUPS', stream)) do
  local fields = {}
  for i = 1, #info, 2 do fields[info[i]] = info[i + 1] end
  if fields['name'] == group then return { {}, 0, fields['last-delivered-id'] } end
end
