-- Before the scripts that may find damage: a stream that others deleted or trimmed. What is lost can't be brought back,
-- but its id may come again, its lane goes on and its key has room. Reads everything. Answers how many were lost.
local function recount_offered()
  call('DEL', offered)
  if key_rate == 0 then return end
  for name, field in pairs({ [stream] = 'paused_at', [front] = 'front_paused_at' }) do
    local from = call('HGET', meta, field) or last_delivered(name)
    for _, entry in ipairs(from and call('XRANGE', name, '(' .. from, '+') or {}) do
      local _, job = lone_job(entry)
      if job and job.key then call('HINCRBY', offered, job.key, 1) end
    end
  end
end

local function repair()
  local alive, headed, counts, known, lost = {}, {}, {}, {}, 0
  local function note(body)
    alive[member_of(body)] = true
    local job = read(body)
    if job.lane then headed[job.lane] = true end
    return job
  end

  local settled = {}
  for _, name in ipairs({ stream, front, rescued }) do
    for _, entry in ipairs(call('XRANGE', name, '-', '+')) do
      settled[name .. entry[1]] = true
      for _, body in ipairs(jobs_of(name, entry) or {}) do
        local key = note(body).key
        if key then counts[key] = (counts[key] or 0) + 1 end
      end
    end
  end
  for _, entry in ipairs(call('HKEYS', partial)) do
    if not settled[entry] then call('HDEL', partial, entry) end
  end
  local waiting = call('ZRANGE', delayed, 0, -1, 'WITHSCORES')
  for i = 1, #waiting, 2 do note(undelay(waiting[i], waiting[i + 1])) end
  for _, member in ipairs(call('ZRANGE', dead, 0, -1)) do alive[member] = true end
  for _, key in ipairs(call('HKEYS', running)) do known[key] = true end
  for _, keys in ipairs({ parked, full }) do
    for _, key in ipairs(call('ZRANGE', keys, 0, -1)) do known[key] = true end
  end
  for key in pairs(known) do
    for _, body in ipairs(call('ZRANGE', base .. 'wait:' .. key, 0, -1)) do note(body) end
  end
  local held = call('SMEMBERS', lanes)
  for _, lane in ipairs(held) do
    for _, body in ipairs(call('LRANGE', base .. 'lane:' .. lane, 0, -1)) do alive[member_of(body)] = true end
  end

  for _, bundle in ipairs(call('LRANGE', intake, 0, -1)) do
    each_of(bundle, function(body) alive[member_of(body)] = true end)
  end

  for _, member in ipairs(call('SMEMBERS', ids)) do
    if not alive[member] then lost = lost + call('SREM', ids, member) end
  end
  call('DEL', running)
  for key, count in pairs(counts) do call('HSET', running, key, count) end
  recount_offered()
  for _, lane in ipairs(held) do
    if not headed[lane] then leave(lane) end
  end
  for key in pairs(known) do admit(key, running_of(key)) end
  send()
  return lost
end

