-- ARGV[3]: 1 to pause. A paused group has read past everything that will ever come.
if (ARGV[3] == '1') == (call('HEXISTS', meta, 'paused_at') == 1) then return 0 end
for name, field in pairs({ [stream] = 'paused_at', [front] = 'front_paused_at' }) do
  if ARGV[3] == '1' then
    call('HSET', meta, field, last_delivered(name))
    call('XGROUP', 'SETID', name, group, LAST)
  else
    call('XGROUP', 'SETID', name, group, call('HGET', meta, field))
    call('HDEL', meta, field)
  end
end
-- Wakes the readers that wait.
if ARGV[3] ~= '1' then call('XDEL', stream, add(stream, '', 0)) end
return 1
