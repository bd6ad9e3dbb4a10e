-- ARGV[3]: the worker; ARGV[4]: how many at most; ARGV[5]: how many may begin within ARGV[6] microseconds.
-- Answers what was read, how many of its jobs may begin, and what to wait for without any: microseconds until more may
-- begin (0: not that), and the last entries of the front and the stream that were delivered.
local period, begun = tonumber(ARGV[6]), base .. 'begun'
call('ZREMRANGEBYSCORE', begun, '-inf', now - period)
local free = min(tonumber(ARGV[4]), ARGV[5] - call('ZCARD', begun))
if free <= 0 then
  return { {}, 0, max(1, call('ZRANGE', begun, 0, 0, 'WITHSCORES')[2] + period - now) }
end

local given, granted = {}, 0
for _, name in ipairs({ front, stream }) do
  while granted < free do
    local found = call('XREADGROUP', 'GROUP', group, ARGV[3], 'COUNT', 1, 'STREAMS', name, '>')
    if not found then break end
    local entry = found[1][2][1]
    for n = 1, min(size_of(entry[1]), free - granted) do call('ZADD', begun, now, name .. entry[1] .. '/' .. n) end
    granted = min(granted + size_of(entry[1]), free)
    given[#given + 1] = found[1]
  end
end
if granted > 0 then return { given, granted, 0 } end
return { {}, 0, 0, last_delivered(front), last_delivered(stream) }
