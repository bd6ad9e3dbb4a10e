-- Answers: living, active, due delayed, delayed, dead, workers with jobs, whether paused, the time,
-- the first entry that waits, and the oldest time among what is due but not moved yet (0: none).
local active, busy = 0, {}
for _, name in ipairs({ stream, rescued }) do
  local pending = redis.pcall('XPENDING', name, group)
  if not pending.err then
    active = active + pending[1]
    for _, consumer in ipairs(pending[4] or {}) do busy[consumer[1]] = true end
  end
end
local workers = 0
for _ in pairs(busy) do workers = workers + 1 end

local from = call('HGET', meta, 'paused_at')
local is_paused = from and 1 or 0
if not from and call('EXISTS', stream) == 1 then
  for _, info in ipairs(call('XINFO', 'GROUPS', stream)) do
    local fields = {}
    for i = 1, #info, 2 do fields[info[i]] = info[i + 1] end
    if fields['name'] == group then from = fields['last-delivered-id'] end
  end
end
local head = call('XRANGE', stream, from and '(' .. from or '-', '+', 'COUNT', 1)
local due = call('ZRANGEBYSCORE', delayed, '-inf', now, 'WITHSCORES', 'LIMIT', 0, 1)
local moved = call('ZCOUNT', delayed, '-inf', now)
return {
  call('SCARD', ids), active, moved, call('ZCARD', delayed) - moved, call('ZCARD', dead), workers, is_paused, now,
  head[1] or false, due[2] and tonumber(due[2]) or 0,
}
