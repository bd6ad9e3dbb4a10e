-- ARGV[3]: how many completed jobs are kept; then some, in the order of their ends.
local stamp, jobs = pack('>I8', now), {}
for i = 4, #ARGV do jobs[#jobs + 1] = stamp .. ARGV[i] end
for i = 1, #jobs, 4000 do call('LPUSH', base .. 'completed', unpack(jobs, i, min(i + 3999, #jobs))) end
call('LTRIM', base .. 'completed', 0, ARGV[3] - 1)
return #jobs
