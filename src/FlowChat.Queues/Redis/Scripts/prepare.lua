-- Makes the groups where they are missing. A group that begins at 0 has all that was added before it.
-- Answers the time, and how many jobs were lost with a stream.
local LAST = '18446744073709551615-18446744073709551615'
local lost, made = 0, false
call('HSETNX', meta, 'since', string.format('%.0f', now))
for _, name in ipairs({ stream, rescued }) do
  local reply = redis.pcall('XGROUP', 'CREATE', name, group, '0', 'MKSTREAM')
  if not reply.err then
    made = true
  elseif not string.find(reply.err, 'BUSYGROUP', 1, true) then
    return reply
  end
end
if made then
  -- No entry of a new stream may have an id that was given out before the old one went: leases are told apart by it.
  local second, micro = tonumber(clock[1]), tonumber(clock[2])
  local id = string.format('%.0f-%.0f', second * 1000 + floor(micro / 1000) + 1, micro % 1000 * 1000000)
  redis.pcall('XSETID', stream, id)
  redis.pcall('XSETID', rescued, id)
end
if made and call('EXISTS', ids) == 1 then lost = repair() end
if made and call('HEXISTS', meta, 'paused_at') == 1 then
  call('HSET', meta, 'paused_at', '0-0')
  call('XGROUP', 'SETID', stream, group, LAST)
end
return { now, lost }
