-- Makes the groups where they are missing. A group that begins at 0 has all that was added before it.
call('HSETNX', meta, 'since', string.format('%.0f', now))
for _, name in ipairs({ stream, rescued }) do
  local made = redis.pcall('XGROUP', 'CREATE', name, group, '0', 'MKSTREAM')
  if made.err and not string.find(made.err, 'BUSYGROUP', 1, true) then return made end
  if not made.err and name == stream then call('DEL', running) end
  if not made.err and name == stream and call('HEXISTS', meta, 'paused_at') == 1 then
    call('HSET', meta, 'paused_at', '0-0')
    call('XGROUP', 'SETID', stream, group, '18446744073709551615-18446744073709551615')
  end
end
return now
