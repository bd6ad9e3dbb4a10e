-- ARGV[3]: the worker; ARGV[4]: how many at most; ARGV[5]: how many may begin within ARGV[6] microseconds (0: any number).
-- Answers what was read, how many of its jobs may begin, and what to wait for without any: microseconds until more may
-- begin (0: not that); then microseconds until a key that this left without a permit gets one (0: none); and the last
-- entries of the front, the stream and `wake` that were seen.
local most, rate, period, begun = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), base .. 'begun'
if rate > 0 then
  call('ZREMRANGEBYSCORE', begun, '-inf', now - period)
  local free = rate - call('ZCARD', begun)
  if free <= 0 then
    local leaves = call('ZRANGE', begun, 0 - free, 0 - free, 'WITHSCORES')[2]
    return { {}, 0, max(1, leaves + period - now), 0 }
  end
  most = min(most, free)
end

local touched = {}

-- A job with a key has an entry of its own.
local function begin_of_key(name, entry, body)
  if size_of(entry) > 1 or has(flags_of(body), 128) == 0 then return true end
  local job = read(body)
  local key = job.key
  local of_key = base .. 'begun:' .. key
  touched[key] = true
  call('ZREMRANGEBYSCORE', of_key, '-inf', now - key_period)
  if call('HINCRBY', offered, key, -1) <= 0 then call('HDEL', offered, key) end
  if call('ZCARD', of_key) < key_rate then
    call('ZADD', of_key, now, name .. entry)
    call('PEXPIRE', of_key, floor(key_period / 1000) + 60000)
    return true
  end
  -- It was let through when the rate was higher, or none.
  call('XACK', name, group, entry)
  call('XDEL', name, entry)
  call('HINCRBY', running, key, -1)
  wait_for_key(body, job)
  return false
end

local given, granted, others, marked = {}, 0, 0, false
for _, name in ipairs({ front, stream }) do
  while granted + others < most do
    local found = call('XREADGROUP', 'GROUP', group, ARGV[3], 'COUNT', 1, 'STREAMS', name, '>')
    if not found then break end
    local entry = found[1][2][1]
    if name == front and is_mark(entry) then
      unmark(entry[1])
      marked = true
    elseif not jobs_of(name, entry) then
      given[#given + 1] = found[1]
      others = others + 1
    elseif key_rate == 0 or begin_of_key(name, entry[1], entry[2][2]) then
      local count = min(size_of(entry[1]), most - granted)
      if rate > 0 then
        for n = 1, count do call('ZADD', begun, now, name .. entry[1] .. '/' .. n) end
      end
      granted = granted + count
      given[#given + 1] = found[1]
    end
  end
  if marked and name == front then
    divide(most)
    send()
    mark()
  end
end

local next = 0
for key in pairs(touched) do
  local free = permits(key)
  local at = free <= 0 and await_permit(key, 0 - free)
  if at and (next == 0 or at - now < next) then next = max(1, at - now) end
end
if #given > 0 then return { given, granted, 0, next } end
local woken = call('XREVRANGE', base .. 'wake', '+', '-', 'COUNT', 1)[1]
return { {}, 0, 0, next, last_delivered(front), last_delivered(stream), woken and woken[1] or '0-0' }
