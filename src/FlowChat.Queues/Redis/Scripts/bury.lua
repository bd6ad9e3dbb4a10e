-- Before the scripts that bury.
local failed = {}

local function bury(body)
  -- Each death has a time of its own, so that pages of the dead can begin after one.
  local at = max(now, (tonumber(call('HGET', meta, 'last_death')) or 0) + 1)
  call('HSET', meta, 'last_death', string.format('%.0f', at))
  call('ZADD', dead, at, member_of(body))
  call('HSET', buried, member_of(body), body)
  failed[#failed + 1] = pack('>I8', at) .. body
end

-- Counts what was buried, and keeps the last so many.
local function remember_failed(kept)
  if #failed == 0 then return end
  call('HINCRBY', meta, 'failed', #failed)
  if kept == '0' then return end
  for i = 1, #failed, 4000 do
    call('LPUSH', base .. 'failed', unpack(failed, i, min(i + 3999, #failed)))
  end
  call('LTRIM', base .. 'failed', 0, kept - 1)
end

