-- Dead jobs from ARGV[3] on, as they shall run again, without the time at which they are added. Answers how many went.
local gone, stamp = 0, stamp_of(now)
for i = 3, #ARGV do
  local body = stamp .. ARGV[i]
  local member = member_of(body)
  if call('ZREM', dead, member) == 1 then
    call('HDEL', buried, member)
    append(body)
    gone = gone + 1
  end
end
send()
return gone
