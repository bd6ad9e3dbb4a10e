-- ARGV[3]: how many at most; then the marks that the caller was given. Lets go what is due, what is parked no
-- more, has a permit again or has expired, and divides the intake.
-- Answers the time, the next time at which there is something to do (0: none), and how much was done.
local most, done = tonumber(ARGV[3]), 0
for i = 4, #ARGV do unmark(ARGV[i]) end

local function due_of(set)
  local found, scores, pairs_of = {}, {}, call('ZRANGEBYSCORE', set, '-inf', now, 'WITHSCORES', 'LIMIT', 0, most)
  for i = 1, #pairs_of, 2 do
    found[#found + 1], scores[#scores + 1] = pairs_of[i], tonumber(pairs_of[i + 1])
  end
  for i = 1, #found, 4000 do call('ZREM', set, unpack(found, i, min(i + 3999, #found))) end
  done = done + #found
  return found, scores
end

local bodies, dues = due_of(delayed)
for i, body in ipairs(bodies) do
  body = undelay(body, dues[i])
  if flags_of(body) < PLAIN then
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
    if id_of(body) == id then call('ZADD', wait, due + EXPIRED, body) end
  end
  admit(key, running_of(key))
end
done = done + divide(most)
send()
if ARGV[4] then mark() end

local next = 0
for _, set in ipairs({ delayed, parked, full, expiring }) do
  local head = call('ZRANGE', set, 0, 0, 'WITHSCORES')
  if head[2] and (next == 0 or tonumber(head[2]) < next) then next = tonumber(head[2]) end
end
return { now, next, done }
