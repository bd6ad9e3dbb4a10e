-- ARGV[3]: 1 to pause. A paused group has read past everything that will ever come.
local LAST = '18446744073709551615-18446744073709551615'
local from = call('HGET', meta, 'paused_at')
if ARGV[3] == '1' then
  if from then return 0 end
  local groups = call('XINFO', 'GROUPS', stream)
  for _, info in ipairs(groups) do
    local fields = {}
    for i = 1, #info, 2 do fields[info[i]] = info[i + 1] end
    if fields['name'] == group then
      call('HSET', meta, 'paused_at', fields['last-delivered-id'])
      call('XGROUP', 'SETID', stream, group, LAST)
    end
  end
  return 1
end
if not from then return 0 end
call('HDEL', meta, 'paused_at')
call('XGROUP', 'SETID', stream, group, from)
-- Wakes the readers that wait.
call('XDEL', stream, call('XADD', stream, '*', 'j', ''))
return 1
