-- ARGV[3], ARGV[4]: how many completed and failed jobs are kept; ARGV[5]: n plain ends; ARGV[6]: 1 if they have lanes;
-- ARGV[7]: h bodies for the history. Then n entries, n ids, n lanes if any ('' for none), h bodies: those of the last h.
-- Then, for each other outcome: what, where (0 the stream, 1 the rescued), entry, microseconds to wait, body.
-- Answers 1 if all were held, else a list of 0 and 1. The entry's id is the fence: who takes a job over gives it a new one.
local n, has_lanes, h = tonumber(ARGV[5]), ARGV[6] == '1', tonumber(ARGV[7])
local entries = 8
local members = entries + n
local lanes_at = members + n
local bodies = has_lanes and lanes_at + n or lanes_at
local others = bodies + h
local held, all = {}, true
local stamp = pack('>I8', now)
local completed, failed = {}, {}

local function finish(i)
  if has_lanes and ARGV[lanes_at + i - 1] ~= '' then leave(ARGV[lanes_at + i - 1]) end
  local kept = i - (n - h)
  if kept > 0 then completed[#completed + 1] = stamp .. ARGV[bodies + kept - 1] end
end

local acknowledged = 0
for i = entries, members - 1, 4000 do
  acknowledged = acknowledged + call('XACK', stream, group, unpack(ARGV, i, min(i + 3999, members - 1)))
end
if acknowledged == n then
  many('XDEL', stream, entries, members - 1)
  many('SREM', ids, members, lanes_at - 1)
  if has_lanes or h > 0 then
    for i = has_lanes and 1 or n - h + 1, n do finish(i) end
  end
else
  acknowledged = 0
  for i = 1, n do
    held[i] = call('XDEL', stream, ARGV[entries + i - 1])
    if held[i] == 1 then
      acknowledged = acknowledged + 1
      call('SREM', ids, ARGV[members + i - 1])
      finish(i)
    else
      all = false
    end
  end
end

local function bury(body)
  -- Each death has a time of its own, so that pages of the dead can begin after one.
  local at = max(now, (tonumber(call('HGET', meta, 'last_death')) or 0) + 1)
  call('HSET', meta, 'last_death', string.format('%.0f', at))
  call('ZADD', dead, at, member_of(body))
  call('HSET', buried, member_of(body), body)
  failed[#failed + 1] = pack('>I8', at) .. body
end

-- A wait ends with the job's life, unless that has ended already: then it counts in full, or the job would come back at
-- once for ever.
local function put_back(body, job, wait)
  local due = now + wait
  if job.expires and job.expires > now then due = min(due, job.expires) end
  if due > now then
    call('ZADD', delayed, due, body)
  elseif job.key then
    offer(body, job)
  else
    deliver(body)
  end
end

-- What was let through and no worker has yet waits with the others.
local function take_back(key)
  local inside = base .. 'key:' .. key
  for _, entry in ipairs(call('SMEMBERS', inside)) do
    if byte(entry) ~= 114 and #call('XPENDING', stream, group, entry, entry, 1) == 0 then
      local found = call('XRANGE', stream, entry, entry)
      call('SREM', inside, entry)
      if found[1] and call('XDEL', stream, entry) == 1 then
        local body = found[1][2][2]
        wait_for_key(body, read(body))
      end
    end
  end
end

local function park(body, job, wait)
  local till = call('ZSCORE', parked, job.key)
  call('ZADD', parked, max(now + wait, till and tonumber(till) or 0), job.key)
  take_back(job.key)
  if job.expires and job.expires <= now then
    put_back(body, job, wait)
  else
    offer(body, job)
  end
end

local function carry_out(what, body, job, wait)
  if what == 'done' then
    call('SREM', ids, member_of(body))
    acknowledged = acknowledged + 1
    completed[#completed + 1] = stamp .. body
  elseif what == 'dead' then
    bury(body)
  elseif what == 'park' then
    park(body, job, wait)
  else
    put_back(body, job, wait)
  end
  if job.lane and (what == 'done' or what == 'dead') then leave(job.lane) end
end

local index = n
for i = others, #ARGV, 5 do
  local what, where, entry, body = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 4]
  local from = where == '1' and rescued or stream
  index = index + 1
  call('XACK', from, group, entry)
  held[index] = call('XDEL', from, entry)
  if held[index] == 1 then
    local job = read(body)
    if job.key then call('SREM', base .. 'key:' .. job.key, where == '1' and 'r' .. entry or entry) end
    carry_out(what, body, job, tonumber(ARGV[i + 3]))
    if job.key then admit(job.key) end
  else
    all = false
  end
end

local function remember(list, entries_kept, cap, counter, count)
  if count > 0 then call('HINCRBY', meta, counter, count) end
  if cap == 0 then return end
  for i = 1, #entries_kept, 4000 do
    call('LPUSH', list, unpack(entries_kept, i, min(i + 3999, #entries_kept)))
  end
  if #entries_kept > 0 then call('LTRIM', list, 0, cap - 1) end
end
remember(base .. 'completed', completed, tonumber(ARGV[3]), 'completed', acknowledged)
remember(base .. 'failed', failed, tonumber(ARGV[4]), 'failed', #failed)

if all then return 1 end
for i = 1, n do held[i] = held[i] or 1 end
return held
