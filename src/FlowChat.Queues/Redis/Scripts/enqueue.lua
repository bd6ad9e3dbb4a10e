-- ARGV[3]: how many jobs may live (0: any number); ARGV[4]: how many are added; ARGV[5]: how many of these come one by one;
-- ARGV[6]: how many are in each entry, 1 byte each.
-- Then the ids of all; the jobs that come one by one; whole entries of jobs that nothing keeps from being delivered; and
-- bundles of jobs of lanes. All are without the time at which they are added.
-- Answers how many were added, or -1 and adds none when there is no room.
local capacity, count, singles, sizes = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6]
local members = 7
local first = members + count
local entries = first + singles
local bundles = entries + #sizes
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

local function take_in(pushed)
  if #pushed == 0 then return end
  local length
  for i = 1, #pushed, 4000 do length = call('RPUSH', intake, unpack(pushed, i, min(i + 3999, #pushed))) end
  if length == #pushed then mark() end
end

local function add_those_unknown()
  local n, pushed = 0, {}
  local function take(body, to_intake)
    n = n + 1
    if known[n] then return end
    if to_intake then pushed[#pushed + 1] = bundle_of(moved(body)) else append(moved(body)) end
  end
  for i = first, entries - 1 do take(stamp .. ARGV[i]) end
  for i = entries, bundles - 1 do
    local at, job = 1, nil
    while at <= #ARGV[i] do
      job, at = unpack_fields('>I2c0', ARGV[i], at)
      take(stamp .. job)
    end
  end
  for i = bundles, #ARGV do
    each_of(stamp .. ARGV[i], function(body) take(body, true) end)
  end
  take_in(pushed)
end

local function add_all_given()
  for i = first, entries - 1 do append(stamp .. ARGV[i]) end
  send()
  for i = 1, #sizes do add(stream, ARGV[entries + i - 1], byte(sizes, i)) end
  local pushed = {}
  for i = bundles, #ARGV do pushed[#pushed + 1] = stamp .. ARGV[i] end
  take_in(pushed)
end

if added < count or offset ~= 0 then add_those_unknown() else add_all_given() end
send()
return added
