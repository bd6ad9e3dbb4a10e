-- ARGV[3]: 1 for newest first; ARGV[4]: begin after this time; ARGV[5]: how many.
-- Answers pairs of a time and a body.
local found
if ARGV[3] == '1' then
  found = call('ZREVRANGEBYSCORE', dead, '(' .. ARGV[4], '-inf', 'WITHSCORES', 'LIMIT', 0, ARGV[5])
else
  found = call('ZRANGEBYSCORE', dead, '(' .. ARGV[4], now, 'WITHSCORES', 'LIMIT', 0, ARGV[5])
end
local page = {}
for i = 1, #found, 2 do
  page[#page + 1] = tonumber(found[i + 1])
  page[#page + 1] = call('HGET', buried, found[i])
end
return { page, now }
