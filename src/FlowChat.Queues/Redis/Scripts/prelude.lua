-- Before every script. KEYS[1] is the stream, ARGV[1] its group, ARGV[2] how many of a key may run (0: any number), and
-- where keys have a rate, how many of one may begin within how many microseconds.
-- The companions of the stream hash to its slot. Times are microseconds of the server's clock.
local stream, group, limit = KEYS[1], ARGV[1], tonumber(ARGV[2])
-- A stream's name may have a hash tag of its own.
local base = (string.find(stream, '^[^{]*{[^}]+}') and stream or '{' .. stream .. '}') .. ':'
local front, rescued, partial = base .. 'front', base .. 'rescued', base .. 'partial'
local meta, ids = base .. 'meta', base .. 'ids'
local delayed, lanes, intake = base .. 'delayed', base .. 'lanes', base .. 'intake'
local running = base .. 'running'
local parked, expiring = base .. 'parked', base .. 'expiring'
local offered, full = base .. 'offered', base .. 'full'
local dead, buried = base .. 'dead', base .. 'buried'
local call, byte, sub, floor, min, max = redis.call, string.byte, string.sub, math.floor, math.min, math.max
local pack, unpack_fields, has = struct.pack, struct.unpack, bit.band

local key_rate, key_period = 0, 0
if not limit then
  limit, key_rate, key_period = string.match(ARGV[2], '^(%d+) (%d+) (%d+)$')
  limit, key_rate, key_period = tonumber(limit), tonumber(key_rate), tonumber(key_period)
end

-- Only tests set the offset.
local clock = call('TIME')
local offset = tonumber(call('HGET', meta, 'clock_offset')) or 0
local now = clock[1] * 1000000 + clock[2] + offset

-- A job is one string: when it was added (6 bytes, in 16 microseconds), flags, id (16), and what the flags say, in this
-- order: tenant 1 (16), attempts 2 (2), due 64 (8), expires 16 (8), lane 32, key 128, trace 4, errors 8; then the payload.
-- Below 64 nothing keeps it from being delivered at once.
local PLAIN = 64

local function stamp_of(micros)
  return pack('>I6', floor(micros / 16))
end

local function added_at(body)
  return unpack_fields('>I6', body) * 16
end

local function flags_of(body)
  return byte(body, 7)
end

local function id_of(body)
  return sub(body, 8, 23)
end

local function member_of(body)
  return sub(body, 8, flags_of(body) % 2 == 1 and 39 or 23)
end

local function read(body)
  local flags, at, scope = flags_of(body), 24, '/'
  local job = {}
  if has(flags, 1) ~= 0 then
    scope, at = sub(body, 24, 39) .. '/', 40
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

local function lane_of(body)
  local flags, at, scope = flags_of(body), 24, '/'
  if flags % 2 == 1 then scope, at = sub(body, 24, 39) .. '/', 40 end
  if has(flags, 2) ~= 0 then at = at + 2 end
  if has(flags, 64) ~= 0 then at = at + 8 end
  if has(flags, 16) ~= 0 then at = at + 8 end
  return scope .. unpack_fields('>I2c0', body, at)
end

-- Among the delayed a job does without its due time, which is its score.
local function due_field(body)
  local flags = flags_of(body)
  if has(flags, 64) == 0 then return nil end
  return (flags % 2 == 1 and 40 or 24) + (has(flags, 2) ~= 0 and 2 or 0)
end

local function delay(body, due)
  local at = due_field(body)
  call('ZADD', delayed, due, at and sub(body, 1, at - 1) .. sub(body, at + 8) or body)
end

local function undelay(body, due)
  local at = due_field(body)
  return at and sub(body, 1, at - 1) .. pack('>I8', due) .. sub(body, at) or body
end

-- What a script lets through is added at its end, by send(): up to 16 small jobs share an entry, which costs a reader
-- and the server a sixteenth. Jobs with keys don't, nor those that failed, for one may be what kills its worker.
-- Entries are named <microseconds>-<jobs>. Of an entry of several each job follows its length, to which OWN is added if it
-- has a stamp of its own; the others were added when the entry was. An entry of which some jobs are settled has the bits
-- of these in `partial`. `front` has what was handed back; it is read before the stream.
local SHARED, ROOM, OWN = 16, 4000, 0x8000
local outbox, handed_back = {}, {}
local last_id = clock[1] * 1000000 + clock[2] - 1

local function deliver(body, first)
  local box = first and handed_back or outbox
  box[#box + 1] = body
end

local function size_of(entry)
  return tonumber(string.match(entry, '%d+$'))
end

local LAST = '18446744073709551615-18446744073709551615'

local function last_delivered(name)
  if call('EXISTS', name) == 0 then return nil end
  for _, info in ipairs(call('XINFO', 'GROUPS', name)) do
    local fields = {}
    for i = 1, #info, 2 do fields[info[i]] = info[i + 1] end
    if fields['name'] == group then return fields['last-delivered-id'] end
  end
end

local function add(name, value, size)
  last_id = last_id + 1
  local reply = redis.pcall('XADD', name, string.format('%.0f-%d', last_id, size), 'j', value)
  if type(reply) == 'string' then return reply end
  if string.find(reply.err, 'equal or smaller', 1, true) then
    -- The clock went back.
    local info = call('XINFO', 'STREAM', name)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then last_id = tonumber(string.match(info[i + 1], '^%d+')) + 1 end
    end
  end
  return call('XADD', name, string.format('%.0f-%d', last_id, size), 'j', value)
end

-- The stamp is given when the jobs are without.
local function add_all(name, jobs, stamp)
  local flags_at, own = stamp and 1 or 7, stamp and 0 or OWN
  local function shares(body)
    local flags = byte(body, flags_at)
    return #body <= ROOM and flags < 128 and flags % 4 < 2
  end
  local from, count = 1, #jobs
  while from <= count do
    local to, length = from, #jobs[from]
    while shares(jobs[from]) and to < count and to - from < SHARED - 1 do
      length = length + #jobs[to + 1]
      if length > ROOM or not shares(jobs[to + 1]) then break end
      to = to + 1
    end
    if to == from then
      add(name, (stamp or '') .. jobs[from], 1)
    else
      local parts = {}
      for i = from, to do
        parts[#parts + 1] = pack('>I2', #jobs[i] + own)
        parts[#parts + 1] = jobs[i]
      end
      add(name, table.concat(parts), to - from + 1)
    end
    from = to + 1
  end
end

-- Jobs of lanes that come many at once wait together, as they came, in strings of the intake: when these were added, then
-- each job after its length (4 bytes). While the intake holds some, whatever comes to a lane goes behind them. A mark in
-- `front`, an entry of no jobs, tells of it: whoever is given it divides some of the intake by lane, and marks what is left.
local holds_intake

local function intake_holds()
  if holds_intake == nil then holds_intake = call('EXISTS', intake) == 1 end
  return holds_intake
end

local function is_mark(entry)
  local fields = entry[2]
  return size_of(entry[1]) == 0 and #fields == 2 and fields[1] == 'j' and fields[2] == ''
end

local function mark()
  if call('EXISTS', intake) == 1 then add(front, '', 0) end
end

local function unmark(id)
  call('XACK', front, group, id)
  call('XDEL', front, id)
end

local function bundle_of(body)
  return sub(body, 1, 6) .. pack('>I4', #body - 6) .. sub(body, 7)
end

local function each_of(bundle, take)
  local stamp, at, job = sub(bundle, 1, 6), 7, nil
  while at <= #bundle do
    job, at = unpack_fields('>I4c0', bundle, at)
    take(stamp .. job)
  end
end

local function send()
  if #handed_back > 0 then add_all(front, handed_back) end
  if #outbox > 0 then add_all(stream, outbox) end
  handed_back, outbox = {}, {}
end

-- Any program may write to a stream.
local function is_job(body)
  local shortest = #body > 6 and flags_of(body) % 2 == 1 and 39 or 23
  return #body >= shortest and (pcall(read, body))
end

-- The jobs of an entry that aren't settled; nil when it is none of ours.
local function jobs_of(name, entry)
  local id, fields = entry[1], entry[2]
  local size, value = size_of(id), fields[2]
  if #fields ~= 2 or fields[1] ~= 'j' or size < 1 or size > SHARED then return nil end
  if size == 1 then return is_job(value) and { value } or nil end
  local settled, jobs, at = tonumber(call('HGET', partial, name .. id)) or 0, {}, 1
  local stamp = stamp_of(string.match(id, '^%d+'))
  for index = 0, size - 1 do
    if at >= #value then return nil end
    local length = unpack_fields('>I2', value, at)
    local first, own = at + 2, length >= OWN
    at = first + (own and length - OWN or length)
    local body = (own and '' or stamp) .. sub(value, first, at - 1)
    if at > #value + 1 or not is_job(body) then return nil end
    if has(settled, 2 ^ index) == 0 then jobs[#jobs + 1] = body end
  end
  return at == #value + 1 and jobs or nil
end

-- What only an entry of one job has: its body, and what it says.
local function lone_job(entry)
  local jobs = size_of(entry[1]) == 1 and jobs_of('', entry)
  if jobs then return jobs[1], read(jobs[1]) end
end

-- A command with more words than Lua can push at once.
local function many(command, key, from, to)
  local total = 0
  for i = from, to, 4000 do
    total = total + call(command, key, unpack(ARGV, i, min(i + 3999, to)))
  end
  return total
end

-- Keys. `running` counts the entries that a key has, delivered or not; `wait:K` holds what waits for the key, by due
-- time, and before all others what has expired, which a park doesn't hold back; `expiring` tells when a job gets there.
local EXPIRED = -9e15
local parks

local function is_parked(key)
  if parks == nil then parks = call('EXISTS', parked) == 1 end
  local till = parks and call('ZSCORE', parked, key)
  return till and tonumber(till) > now
end

local function expiry_of(body, due, key)
  return pack('>d', due) .. id_of(body) .. key
end

-- Rates of keys. `begun:K` has the times of what began within the period; `offered` counts what was let through and no
-- worker has begun: each has its permit, so that no more pile up while nobody claims. `full` tells when a key that has
-- no permit left gets the next; while all are offered, a claim will tell.
local function permits(key)
  if key_rate == 0 then return math.huge end
  local begun = base .. 'begun:' .. key
  call('ZREMRANGEBYSCORE', begun, '-inf', now - key_period)
  return key_rate - call('ZCARD', begun) - (tonumber(call('HGET', offered, key)) or 0)
end

local function await_permit(key, lacking)
  local leaves = call('ZRANGE', base .. 'begun:' .. key, lacking, lacking, 'WITHSCORES')[2]
  if not leaves then return nil end
  call('ZADD', full, leaves + key_period, key)
  return leaves + key_period
end

-- So many entries of the key are back before a worker had them.
local function withdraw(key, count)
  call('HINCRBY', running, key, 0 - count)
  if key_rate > 0 then call('HINCRBY', offered, key, 0 - count) end
end

-- Lets through what the limits allow, `count` being what runs.
local function admit(key, count)
  local wait, before, closed, free = base .. 'wait:' .. key, count, is_parked(key), permits(key)
  while (limit == 0 or count < limit) and count - before < free do
    local head = call('ZPOPMIN', wait)
    local body, due = head[1], tonumber(head[2])
    if not body then break end
    if closed and due > 0 then
      call('ZADD', wait, due, body)
      break
    end
    if due > 0 and has(flags_of(body), 16) ~= 0 then call('ZREM', expiring, expiry_of(body, due, key)) end
    deliver(body)
    count = count + 1
  end
  if key_rate > 0 then
    local let = count - before
    if let > 0 then call('HINCRBY', offered, key, let) end
    if let >= free then await_permit(key, let - free) end
  end
  if count == 0 then
    call('HDEL', running, key)
  elseif count ~= before then
    call('HSET', running, key, count)
  end
end

local function running_of(key)
  return tonumber(call('HGET', running, key)) or 0
end

-- One of the key's entries is gone.
local function release(key)
  admit(key, max(call('HINCRBY', running, key, -1), 0))
end

local function wait_for_key(body, job)
  local key, due = job.key, job.due or added_at(body)
  if job.expires and job.expires <= now then
    call('ZADD', base .. 'wait:' .. key, due + EXPIRED, body)
  else
    call('ZADD', base .. 'wait:' .. key, due, body)
    if job.expires then call('ZADD', expiring, job.expires, expiry_of(body, due, key)) end
  end
end

local function offer(body, job, first)
  local key = job.key
  if key_rate > 0 then
    wait_for_key(body, job)
    admit(key, running_of(key))
    return
  end
  local late = job.expires and job.expires <= now
  if (limit == 0 or running_of(key) < limit) and (late or not is_parked(key)) then
    call('HINCRBY', running, key, 1)
    deliver(body, first)
  else
    wait_for_key(body, job)
  end
end

-- What holds its lane, or has none: to wherever it waits now.
local function place(body)
  if flags_of(body) < PLAIN then return deliver(body) end
  local job = read(body)
  if job.due and job.due > now then
    delay(body, job.due)
  elseif job.key then
    offer(body, job)
  else
    deliver(body)
  end
end

-- At the end of its lane.
local function append(body)
  if has(flags_of(body), 32) ~= 0 then
    if intake_holds() then
      call('RPUSH', intake, bundle_of(body))
      return
    end
    local lane = lane_of(body)
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
