-- ARGV[3]: how many failed jobs are kept. Then, for each entry that another program wrote: which stream, entry, and the
-- dead job that tells of it, without the time at which it is added. Answers for each whether it was still there.
local streams, stamp, there = { stream, rescued, front }, stamp_of(now), {}
for i = 4, #ARGV, 3 do
  local from, entry = streams[tonumber(ARGV[i])], ARGV[i + 1]
  call('XACK', from, group, entry)
  local deleted = call('XDEL', from, entry)
  if deleted == 1 then
    local body = stamp .. ARGV[i + 2]
    call('SADD', ids, member_of(body))
    bury(body)
  end
  there[#there + 1] = deleted
end
remember_failed(ARGV[3])
return there
