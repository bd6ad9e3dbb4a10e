-- Makes the groups where they are missing. A group that begins at 0 has all that was added before it.
-- Answers the time, and how many jobs were lost with a stream.
local lost, made = 0, nil
call('HSETNX', meta, 'since', string.format('%.0f', now))
for _, name in ipairs({ stream, front, rescued }) do
  local reply = redis.pcall('XGROUP', 'CREATE', name, group, '0', 'MKSTREAM')
  if not reply.err then
    made = made or {}
    made[name] = true
  elseif not string.find(reply.err, 'BUSYGROUP', 1, true) then
    return reply
  end
end
if made and call('EXISTS', ids) == 1 then lost = repair() end
if made then mark() end
if made and call('HEXISTS', meta, 'paused_at') == 1 then
  for name, field in pairs({ [stream] = 'paused_at', [front] = 'front_paused_at' }) do
    if made[name] then
      call('HSET', meta, field, '0-0')
      call('XGROUP', 'SETID', name, group, LAST)
    end
  end
end
-- What waits for its key waits no longer than the limits of today say.
if call('HGET', meta, 'key_limits') ~= ARGV[2] then
  call('HSET', meta, 'key_limits', ARGV[2])
  for _, key in ipairs(call('ZRANGE', full, 0, -1)) do admit(key, running_of(key)) end
  send()
end
return { now, lost }
