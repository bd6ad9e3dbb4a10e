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
if ARGV[3] ~= '1' then
  -- Wakes the readers that wait: those of the group, and those that watch for a script.
  call('XDEL', stream, add(stream, '', 0))
  call('XADD', base .. 'wake', 'MAXLEN', 1, '*', 'j', '')
end
return 1
