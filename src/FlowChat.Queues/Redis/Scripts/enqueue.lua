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

local stamp = pack('>I8', now)
for i = 1, count do
  if not known[i] then
    local body = stamp .. ARGV[first + i - 1]
    if offset ~= 0 then body = moved(body) end
    if byte(body, 9) < 32 then deliver(body) else append(body) end
  end
end
send()
return added
