-- ARGV[3]: how many failed jobs are kept; ARGV[4]: entries of the stream of which all jobs are done; ARGV[5]: these
-- jobs; ARGV[6], ARGV[7]: 1 if they have lanes, keys. Then the entries, ids, lanes and keys if any ('' for none).
-- Then, for each other outcome, one entry after the other: what, which stream, entry, the job's index in it,
-- microseconds to wait, body ('done' needs no payload).
-- Answers 1 if all were held, else a list of 0 and 1. The entry's id is the fence: who takes a job over gives it a new one.
local whole, n, has_lanes, has_keys = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1', ARGV[7] == '1'
local entries = 8
local members = entries + whole
local lanes_at = members + n
local keys_at = has_lanes and lanes_at + n or lanes_at
local others = has_keys and keys_at + n or keys_at
local held, all, completed = {}, true, 0

local function finish(i)
  if has_lanes and ARGV[lanes_at + i - 1] ~= '' then leave(ARGV[lanes_at + i - 1]) end
  if has_keys and ARGV[keys_at + i - 1] ~= '' then release(ARGV[keys_at + i - 1]) end
end

local acknowledged = 0
for i = entries, members - 1, 4000 do
  acknowledged = acknowledged + call('XACK', stream, group, unpack(ARGV, i, min(i + 3999, members - 1)))
end
if acknowledged == whole then
  completed = n
  many('XDEL', stream, entries, members - 1)
  many('SREM', ids, members, lanes_at - 1)
  if has_lanes or has_keys then
    for i = 1, n do finish(i) end
  end
else
  local i = 0
  for entry = entries, members - 1 do
    local ours = call('XDEL', stream, ARGV[entry]) == 1
    for _ = 1, size_of(ARGV[entry]) do
      i = i + 1
      held[i] = ours and 1 or 0
      if ours then
        completed = completed + call('SREM', ids, ARGV[members + i - 1])
        finish(i)
      else
        all = false
      end
    end
  end
end

-- A wait ends with the job's life, unless that has ended already: then it counts in full, or the job would come back at
-- once for ever.
local function put_back(body, job, wait, first)
  local due = now + wait
  if job.expires and job.expires > now then due = min(due, job.expires) end
  if due > now then
    delay(body, due)
  elseif job.key then
    offer(body, job, first)
  else
    deliver(body, first)
  end
end

-- What was let through and no worker has yet waits with the others.
local function take_back(key)
  local back = 0
  send()
  for name, field in pairs({ [stream] = 'paused_at', [front] = 'front_paused_at' }) do
    local from = call('HGET', meta, field) or last_delivered(name)
    for _, entry in ipairs(from and call('XRANGE', name, '(' .. from, '+') or {}) do
      local body, job = lone_job(entry)
      if job and job.key == key then
        call('XDEL', name, entry[1])
        wait_for_key(body, job)
        back = back + 1
      end
    end
  end
  return back
end

local function park(body, job, wait)
  local till = call('ZSCORE', parked, job.key)
  call('ZADD', parked, max(now + wait, till and tonumber(till) or 0), job.key)
  parks = true
  if running_of(job.key) > 0 then withdraw(job.key, take_back(job.key)) end
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
    put_back(body, job, wait, what == 'front')
  end
  if job.lane and (what == 'done' or what == 'dead') then leave(job.lane) end
end

-- What of an entry is settled already, as bits; nil: it is another's now.
local function settled_of(from, entry, size)
  if size == 1 then
    call('XACK', from, group, entry)
    return call('XDEL', from, entry) == 1 and 0 or nil
  end
  local bits = call('HGET', partial, from .. entry)
  call('HDEL', partial, from .. entry)
  if bits or #call('XPENDING', from, group, entry, entry, 1) == 1 then return tonumber(bits) or 0 end
end

local function keep(from, entry, size, bits)
  if bits < 2 ^ size - 1 then
    call('HSET', partial, from .. entry, bits)
  elseif size > 1 then
    call('XACK', from, group, entry)
    call('XDEL', from, entry)
  end
end

local streams = { stream, rescued, front }
local at, index = others, n
while ARGV[at] do
  local where, entry = ARGV[at + 1], ARGV[at + 2]
  local from, size = streams[tonumber(where)], size_of(entry)
  local bits = settled_of(from, entry, size)
  while ARGV[at + 1] == where and ARGV[at + 2] == entry do
    local bit, body = 2 ^ ARGV[at + 3], ARGV[at + 5]
    index = index + 1
    if bits and has(bits, bit) == 0 then
      local job = read(body)
      held[index], bits = 1, bits + bit
      if job.key then call('HINCRBY', running, job.key, -1) end
      carry_out(ARGV[at], body, job, tonumber(ARGV[at + 4]))
      if job.key then admit(job.key, max(running_of(job.key), 0)) end
    else
      held[index], all = 0, false
    end
    at = at + 6
  end
  if bits then keep(from, entry, size, bits) end
end
send()

if completed > 0 then call('HINCRBY', meta, 'completed', completed) end
remember_failed(ARGV[3])

if all then return 1 end
for i = 1, n do held[i] = held[i] or 1 end
return held
