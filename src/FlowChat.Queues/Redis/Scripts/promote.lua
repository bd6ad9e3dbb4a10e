-- ARGV[3]: how many at most. Lets go what is due, what is parked no more, has a permit again or has expired.
-- Answers the time, the next time at which there is something to do (0: none), and how much was done.
local most, done = tonumber(ARGV[3]), 0

local function due_of(set)
  local found = call('ZRANGEBYSCORE', set, '-inf', now, 'LIMIT', 0, most)
  if #found > 0 then
    for i = 1, #found, 4000 do call('ZREM', set, unpack(found, i, min(i + 3999, #found))) end
  end
  done = done + #found
  return found
end

for _, body in ipairs(due_of(delayed)) do
  if byte(body, 9) < PLAIN then
    deliver(body)
  else
    local job = read(body)
    if job.key then offer(body, job) else deliver(body) end
  end
end

for _, keys in ipairs({ parked, full }) do
  for _, key in ipairs(due_of(keys)) do admit(key, running_of(key)) end
end

for _, expiry in ipairs(due_of(expiring)) do
  local due, id, key = unpack_fields('>d', expiry), sub(expiry, 9, 24), sub(expiry, 25)
  local wait = base .. 'wait:' .. key
  for _, body in ipairs(call('ZRANGEBYSCORE', wait, due, due)) do
    if sub(body, 10, 25) == id then call('ZADD', wait, due + EXPIRED, body) end
  end
  admit(key, running_of(key))
end
send()

local next = 0
for _, set in ipairs({ delayed, parked, full, expiring }) do
  local head = call('ZRANGE', set, 0, 0, 'WITHSCORES')
  if head[2] and (next == 0 or tonumber(head[2]) < next) then next = tonumber(head[2]) end
end
return { now, next, done }
