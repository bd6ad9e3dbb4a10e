-- Before every script. KEYS[1] is the stream, ARGV[1] its group, ARGV[2] how many of a key may run (0: any number).
-- The companions of the stream hash to its slot. Times are microseconds of the server's clock.
local stream, group, limit = KEYS[1], ARGV[1], tonumber(ARGV[2])
local base = '{' .. stream .. '}:'
local rescued, meta, ids = base .. 'rescued', base .. 'meta', base .. 'ids'
local delayed, lanes = base .. 'delayed', base .. 'lanes'
local parked, expiring = base .. 'parked', base .. 'expiring'
local dead, buried = base .. 'dead', base .. 'buried'
local call, byte, sub, floor, min, max = redis.call, string.byte, string.sub, math.floor, math.min, math.max
local pack, unpack_fields, has = struct.pack, struct.unpack, bit.band

-- Only tests set the offset.
local clock = call('TIME')
local offset = tonumber(call('HGET', meta, 'clock_offset')) or 0
local now = clock[1] * 1000000 + clock[2] + offset

-- A job is one string: when it was added (8 bytes), flags, id (16), and what the flags say, in this order:
-- tenant 1 (16), attempts 2 (2), due 64 (8), expires 16 (8), lane 32, key 128, trace 4, errors 8; then the payload.
-- Below 64 nothing keeps it from being delivered at once.
local PLAIN = 64

local function member_of(body)
  return sub(body, 10, byte(body, 9) % 2 == 1 and 41 or 25)
end

local function read(body)
  local flags, at, scope = byte(body, 9), 26, '/'
  local job = {}
  if has(flags, 1) ~= 0 then
    scope, at = sub(body, 26, 41) .. '/', 42
  end
  if has(flags, 2) ~= 0 then at = at + 2 end
  if has(flags, 64) ~= 0 then job.due, at = unpack_fields('>I8', body, at) end
  if has(flags, 16) ~= 0 then job.expires, at = unpack_fields('>I8', body, at) end
  if has(flags, 32) ~= 0 then
    job.lane, at = unpack_fields('>I2c0', body, at)
    job.lane = scope .. job.lane
  end
  if has(flags, 128) ~= 0 then
    job.key, at = unpack_fields('>I2c0', body, at)
    job.key = scope .. job.key
  end
  return job
end

local function deliver(body)
  return call('XADD', stream, '*', 'j', body)
end

-- A command with more words than Lua can push at once.
local function many(command, key, from, to)
  local total = 0
  for i = from, to, 4000 do
    total = total + call(command, key, unpack(ARGV, i, min(i + 3999, to)))
  end
  return total
end

-- Keys. `key:K` holds the entries that count against the limit, `wait:K` what waits for the key by due time, `late:K`
-- what waits though it has expired and so isn't held back by a park. `expiring` tells when to move from one to the other.

local function is_parked(key)
  local till = call('ZSCORE', parked, key)
  return till and tonumber(till) > now
end

local function expiry_of(body, due, key)
  return pack('>d', due) .. sub(body, 10, 25) .. key
end

local function admit(key)
  local held, wait, late = base .. 'key:' .. key, base .. 'wait:' .. key, base .. 'late:' .. key
  local closed = is_parked(key)
  while limit == 0 or call('SCARD', held) < limit do
    local from, next = late, call('ZRANGE', late, 0, 0, 'WITHSCORES')
    if not closed then
      local other = call('ZRANGE', wait, 0, 0, 'WITHSCORES')
      if other[1] and not (next[1] and tonumber(next[2]) <= tonumber(other[2])) then
        from, next = wait, other
      end
    end
    local body = next[1]
    if not body then return end
    call('ZREM', from, body)
    if from == wait and has(byte(body, 9), 16) ~= 0 then
      call('ZREM', expiring, expiry_of(body, tonumber(next[2]), key))
    end
    call('SADD', held, deliver(body))
  end
end

local function wait_for_key(body, job)
  local key, due = job.key, job.due or unpack_fields('>I8', body, 1)
  if job.expires and job.expires <= now then
    call('ZADD', base .. 'late:' .. key, due, body)
  else
    call('ZADD', base .. 'wait:' .. key, due, body)
    if job.expires then call('ZADD', expiring, job.expires, expiry_of(body, due, key)) end
  end
end

local function offer(body, job)
  local held = base .. 'key:' .. job.key
  local late = job.expires and job.expires <= now
  if (limit == 0 or call('SCARD', held) < limit) and (late or not is_parked(job.key)) then
    call('SADD', held, deliver(body))
  else
    wait_for_key(body, job)
  end
end

-- What holds its lane, or has none: to wherever it waits now.
local function place(body)
  if byte(body, 9) < PLAIN then return deliver(body) end
  local job = read(body)
  if job.due and job.due > now then
    call('ZADD', delayed, job.due, body)
  elseif job.key then
    offer(body, job)
  else
    deliver(body)
  end
end

-- At the end of its lane.
local function append(body)
  if has(byte(body, 9), 32) ~= 0 then
    local lane = read(body).lane
    if call('SADD', lanes, lane) == 0 then
      call('RPUSH', base .. 'lane:' .. lane, body)
      return
    end
  end
  place(body)
end

local function leave(lane)
  local body = call('LPOP', base .. 'lane:' .. lane)
  if body then place(body) else call('SREM', lanes, lane) end
end
