-- ARGV[3]: how many jobs may live (0: any number); then the jobs, without the time at which they are added.
-- Answers how many were added, or -1 and adds none when there is no room.
local capacity, first, last = tonumber(ARGV[3]), 4, #ARGV

local members = {}
for i = first, last do
  local job = ARGV[i]
  members[#members + 1] = sub(job, 2, byte(job) % 2 == 1 and 33 or 17)
end
local count = #members

local known = {}
local fresh = count
if count > 1 or capacity > 0 then
  for i = 1, count, 4000 do
    local answers = call('SMISMEMBER', ids, unpack(members, i, min(i + 3999, count)))
    for j = 1, #answers do
      if answers[j] == 1 then
        known[i + j - 1] = true
        fresh = fresh - 1
      end
    end
  end
end
if capacity > 0 and fresh > 0 and call('SCARD', ids) - call('ZCARD', dead) + fresh > capacity then return -1 end

local added = 0
for i = 1, count, 4000 do
  added = added + call('SADD', ids, unpack(members, i, min(i + 3999, count)))
end
if added == 0 then return 0 end
if added < fresh or fresh < count then
  local seen = {}
  for i = 1, count do
    known[i] = known[i] or seen[members[i]]
    seen[members[i]] = true
  end
end

-- Where tests have moved the clock on, the caller's times move with it.
local function moved(body)
  local flags = byte(body, 9)
  local at = flags % 2 == 1 and 42 or 26
  for _, flag in ipairs({ 64, 16 }) do
    if has(flags, flag) ~= 0 then
      body = sub(body, 1, at - 1) .. pack('>I8', unpack_fields('>I8', body, at) + offset) .. sub(body, at + 8)
      at = at + 8
    end
  end
  return body
end

-- In the order of the batch: bodies, and for each lane, in the place of its first job, a list of its name and bodies.
local stamp, jobs, lists, names = pack('>I8', now), {}, {}, {}
for i = 1, count do
  if not known[i] then
    local body = stamp .. ARGV[first + i - 1]
    if offset ~= 0 then body = moved(body) end
    local lane = has(byte(body, 9), 32) ~= 0 and lane_of(body)
    local list = lane and lists[lane]
    if list then
      list[#list + 1] = body
    elseif lane then
      lists[lane] = { base .. 'lane:' .. lane, body }
      jobs[#jobs + 1], names[#names + 1] = lists[lane], lane
    else
      jobs[#jobs + 1] = body
    end
  end
end

local held, free = {}, {}
for i = 1, #names, 4000 do
  local answers = call('SMISMEMBER', lanes, unpack(names, i, min(i + 3999, #names)))
  for j = 1, #answers do
    local name = names[i + j - 1]
    if answers[j] == 1 then held[lists[name]] = true else free[#free + 1] = name end
  end
end
for i = 1, #free, 4000 do call('SADD', lanes, unpack(free, i, min(i + 3999, #free))) end

for i = 1, #jobs do
  local job = jobs[i]
  if type(job) == 'string' then
    place(job)
  else
    if not held[job] then place(table.remove(job, 2)) end
    for from = 2, #job, 4000 do call('RPUSH', job[1], unpack(job, from, min(from + 3999, #job))) end
  end
end
send()
return added
