-- Answers: living, active, delayed, dead, the workers with jobs, whether paused, the time, and since when the first that
-- is due waits.
local active, busy, workers = 0, {}, {}
local function count_active(name)
  local from = '-'
  repeat
    local page = redis.pcall('XPENDING', name, group, from, '+', 1000)
    if page.err then return end
    for _, entry in ipairs(page) do
      local size = size_of(entry[1])
      from, active = '(' .. entry[1], active + min(size, SHARED)
      if size > 0 and not busy[entry[2]] then busy[entry[2]], workers[#workers + 1] = true, entry[2] end
    end
  until #page < 1000
end
for _, name in ipairs({ stream, front, rescued }) do count_active(name) end
for _, settled in ipairs(call('HVALS', partial)) do
  for index = 0, SHARED - 1 do
    if has(settled, 2 ^ index) ~= 0 then active = active - 1 end
  end
end

local is_paused, oldest = call('HEXISTS', meta, 'paused_at'), now
local function look_at_head(name, field)
  local from = is_paused == 1 and call('HGET', meta, field) or last_delivered(name)
  local entries = call('XRANGE', name, from and '(' .. from or '-', '+', 'COUNT', 2)
  local entry = entries[1] and is_mark(entries[1]) and entries[2] or entries[1]
  local jobs = entry and jobs_of(name, entry)
  local body = jobs and jobs[1]
  -- A job that failed waits since it is back.
  local back = body and has(flags_of(body), 2) ~= 0 and tonumber(string.match(entry[1], '^%d+'))
  if body then oldest = min(oldest, back or read(body).due or added_at(body)) end
end
look_at_head(stream, 'paused_at')
look_at_head(front, 'front_paused_at')
local first = call('LINDEX', intake, 0)
if first then oldest = min(oldest, added_at(first)) end
local due = call('ZRANGEBYSCORE', delayed, '-inf', now, 'WITHSCORES', 'LIMIT', 0, 1)
if due[2] then oldest = min(oldest, tonumber(due[2])) end
return {
  call('SCARD', ids), active, call('ZCOUNT', delayed, '(' .. string.format('%.0f', now), '+inf'), call('ZCARD', dead),
  workers, is_paused, now, oldest,
}
