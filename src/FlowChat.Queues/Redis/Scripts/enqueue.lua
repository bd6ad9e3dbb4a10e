-- ARGV[3]: how many jobs may live (0: any number); ARGV[4]: how many are added; ARGV[5]: how many of these come one by one;
-- ARGV[6]: how many are of each lane, 4 bytes each; ARGV[7]: how many are in each entry, 1 byte each.
-- Then the ids of all; the jobs that come one by one; the names of lanes, then their jobs; and whole entries of jobs that
-- nothing keeps from being delivered. All are without the time at which they are added.
-- Answers how many were added, or -1 and adds none when there is no room.
local capacity, count, singles, lengths, sizes = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], ARGV[7]
local members = 8
local first = members + count
local names = first + singles
local first_of_lanes = names + #lengths / 4
local entries = #ARGV - #sizes + 1
local stamp = stamp_of(now)

local known, fresh = {}, count
if count > 1 or capacity > 0 then
  for i = 1, count, 4000 do
    local answers = call('SMISMEMBER', ids, unpack(ARGV, members + i - 1, members + min(i + 3999, count) - 1))
    for j = 1, #answers do
      if answers[j] == 1 then
        known[i + j - 1] = true
        fresh = fresh - 1
      end
    end
  end
end
if capacity > 0 and fresh > 0 and call('SCARD', ids) - call('ZCARD', dead) + fresh > capacity then return -1 end

local added = many('SADD', ids, members, first - 1)
if added == 0 then return 0 end
if added < fresh or fresh < count then
  local seen = {}
  for i = 1, count do
    local member = ARGV[members + i - 1]
    known[i] = known[i] or seen[member]
    seen[member] = true
  end
end

-- Where tests have moved the clock on, the caller's times move with it.
local function moved(body)
  local flags = flags_of(body)
  local at = flags % 2 == 1 and 40 or 24
  for _, flag in ipairs({ 64, 16 }) do
    if has(flags, flag) ~= 0 then
      body = sub(body, 1, at - 1) .. pack('>I8', unpack_fields('>I8', body, at) + offset) .. sub(body, at + 8)
      at = at + 8
    end
  end
  return body
end

local function add_those_unknown()
  local n = 0
  local function take(job)
    n = n + 1
    if not known[n] then append(moved(stamp .. job)) end
  end
  for i = first, names - 1 do take(ARGV[i]) end
  for i = first_of_lanes, entries - 1 do take(ARGV[i]) end
  for i = entries, #ARGV do
    local at, job = 1, nil
    while at <= #ARGV[i] do
      job, at = unpack_fields('>I2c0', ARGV[i], at)
      take(job)
    end
  end
end

local function are_held(lanes_from, lanes_to)
  local held, free = {}, {}
  for i = lanes_from, lanes_to, 4000 do
    local answers = call('SMISMEMBER', lanes, unpack(ARGV, i, min(i + 3999, lanes_to)))
    for j = 1, #answers do
      if answers[j] == 1 then held[i + j - 1] = true else free[#free + 1] = ARGV[i + j - 1] end
    end
  end
  for i = 1, #free, 4000 do call('SADD', lanes, unpack(free, i, min(i + 3999, #free))) end
  return held
end

local function wait_in_lane(name, from, to)
  local key = base .. 'lane:' .. name
  for i = from, to do call('RPUSH', key, stamp .. ARGV[i]) end
end

local function add_lanes()
  local held, heads, at = are_held(names, first_of_lanes - 1), {}, first_of_lanes
  for i = names, first_of_lanes - 1 do
    local last = at + unpack_fields('>I4', lengths, 4 * (i - names) + 1) - 1
    if not held[i] then
      if byte(ARGV[at]) < PLAIN then heads[#heads + 1] = ARGV[at] else place(stamp .. ARGV[at]) end
      at = at + 1
    end
    wait_in_lane(ARGV[i], at, last)
    at = last + 1
  end
  send()
  add_all(stream, heads, stamp)
end

if added < count or offset ~= 0 then
  add_those_unknown()
else
  for i = first, names - 1 do place(stamp .. ARGV[i]) end
  if names < first_of_lanes then add_lanes() end
  send()
  for i = 1, #sizes do add(stream, ARGV[entries + i - 1], byte(sizes, i)) end
end
send()
return added
