-- The ids of dead jobs from ARGV[3] on. Answers how many went.
local gone = 0
for i = 3, #ARGV do
  if call('ZREM', dead, ARGV[i]) == 1 then
    call('HDEL', buried, ARGV[i])
    call('SREM', ids, ARGV[i])
    gone = gone + 1
  end
end
return gone
