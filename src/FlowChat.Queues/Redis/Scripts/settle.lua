-- ARGV[3]: how many failed jobs are kept; ARGV[4]: n plain ends; ARGV[5], ARGV[6]: 1 if they have lanes, keys.
-- Then n entries, n ids, n lanes and n keys if any ('' for none).
-- Then, for each other outcome: what, where (0 the stream, 1 the rescued), entry, microseconds to wait, body.
-- Answers 1 if all were held, else a list of 0 and 1. The entry's id is the fence: who takes a job over gives it a new one.
local n, has_lanes, has_keys = tonumber(ARGV[4]), ARGV[5] == '1', ARGV[6] == '1'
local entries = 7
local members = entries + n
local lanes_at = members + n
local keys_at = has_lanes and lanes_at + n or lanes_at
local others = has_keys and keys_at + n or keys_at
local held, all, completed, failed = {}, true, 0, {}

local function finish(i)
  if has_lanes and ARGV[lanes_at + i - 1] ~= '' then leave(ARGV[lanes_at + i - 1]) end
  if has_keys and ARGV[keys_at + i - 1] ~= '' then release(ARGV[keys_at + i - 1]) end
end

for i = entries, members - 1, 4000 do
  completed = completed + call('XACK', stream, group, unpack(ARGV, i, min(i + 3999, members - 1)))
end
if completed == n then
  many('XDEL', stream, entries, members - 1)
  many('SREM', ids, members, lanes_at - 1)
  if has_lanes or has_keys then
    for i = 1, n do finish(i) end
  end
else
  completed = 0
  for i = 1, n do
    held[i] = call('XDEL', stream, ARGV[entries + i - 1])
    if held[i] == 1 then
      completed = completed + 1
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
  local back = 0
  for _, info in ipairs(call('XINFO', 'GROUPS', stream)) do
    local fields = {}
    for i = 1, #info, 2 do fields[info[i]] = info[i + 1] end
    if fields['name'] == group then
      local from = call('HGET', meta, 'paused_at') or fields['last-delivered-id']
      for _, entry in ipairs(call('XRANGE', stream, '(' .. from, '+')) do
        local body = entry[2][2]
        local job = read(body)
        if job.key == key then
          call('XDEL', stream, entry[1])
          wait_for_key(body, job)
          back = back + 1
        end
      end
    end
  end
  return back
end

local function park(body, job, wait)
  local till = call('ZSCORE', parked, job.key)
  call('ZADD', parked, max(now + wait, till and tonumber(till) or 0), job.key)
  parks = true
  if running_of(job.key) > 0 then call('HINCRBY', running, job.key, 0 - take_back(job.key)) end
  if job.expires and job.expires <= now then
    put_back(body, job, wait)
  else
    wait_for_key(body, job)
  end
end

local function carry_out(what, body, job, wait)
  if what == 'done' then
    call('SREM', ids, member_of(body))
    completed = completed + 1
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
    if job.key then call('HINCRBY', running, job.key, -1) end
    carry_out(what, body, job, tonumber(ARGV[i + 3]))
    if job.key then admit(job.key, max(running_of(job.key), 0)) end
  else
    all = false
  end
end

if completed > 0 then call('HINCRBY', meta, 'completed', completed) end
if #failed > 0 then
  call('HINCRBY', meta, 'failed', #failed)
  if ARGV[3] ~= '0' then
    for i = 1, #failed, 4000 do
      call('LPUSH', base .. 'failed', unpack(failed, i, min(i + 3999, #failed)))
    end
    call('LTRIM', base .. 'failed', 0, ARGV[3] - 1)
  end
end

if all then return 1 end
for i = 1, n do held[i] = held[i] or 1 end
return held
