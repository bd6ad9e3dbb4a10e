-- ARGV[3]: the rescuer; ARGV[4]: the idle milliseconds after which a job is abandoned; ARGV[5]: how many at most;
-- ARGV[6]: the idle milliseconds after which a worker without jobs is forgotten.
-- Gives abandoned jobs a new entry in the second stream, which only rescuers read, so that their worker is fenced off.
-- Answers the entries, how many jobs others had deleted, and those entries that are none of ours, as they are.
local rescuer, idle, most, forget = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local found, lost, others, marked = 0, 0, {}, false

local function take_over(from)
  local cursor = '0-0'
  repeat
    local page = call('XAUTOCLAIM', from, group, rescuer, idle, cursor, 'COUNT', most - found)
    cursor = page[1]
    lost = lost + (page[3] and #page[3] or 0)
    for _, entry in ipairs(page[2]) do
      -- Redis 6.2 tells so of what others deleted.
      if not entry then lost = lost + 1 end
      local jobs = entry and jobs_of(from, entry)
      if entry and from == front and is_mark(entry) then
        unmark(entry[1])
        marked = true
      elseif entry and not jobs then
        others[#others + 1] = { from, { entry } }
        found = found + 1
      elseif jobs then
        for _, body in ipairs(jobs) do
          add(rescued, body, 1)
          found = found + 1
        end
        call('HDEL', partial, from .. entry[1])
        call('XACK', from, group, entry[1])
        call('XDEL', from, entry[1])
      end
    end
  until cursor == '0-0' or found >= most
end

for _, name in ipairs({ stream, front, rescued }) do
  if found < most then take_over(name) end
end
if marked then mark() end

for _, name in ipairs({ stream, front, rescued }) do
  for _, info in ipairs(call('XINFO', 'CONSUMERS', name, group)) do
    local fields = {}
    for i = 1, #info, 2 do fields[info[i]] = info[i + 1] end
    if fields['pending'] == 0 and fields['idle'] > forget then
      call('XGROUP', 'DELCONSUMER', name, group, fields['name'])
    end
  end
end

-- Each lane and each key that has jobs has one of them in a stream, delayed or parked, or waits for a permit. Nothing
-- there, and yet jobs that live: others deleted entries, be it long ago.
local function is_stuck()
  return call('XLEN', stream) == 0 and call('XLEN', rescued) == 0 and call('XLEN', front) == 0
    and call('EXISTS', delayed, parked, full, intake) == 0 and call('SCARD', ids) > call('ZCARD', dead)
end
if lost > 0 or is_stuck() then lost = max(lost, repair()) end
local given = call('XREADGROUP', 'GROUP', group, rescuer, 'COUNT', most, 'STREAMS', rescued, '>')
return { given or {}, lost, others }
