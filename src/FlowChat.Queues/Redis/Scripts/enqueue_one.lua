-- Before the prelude, which takes longer than all this: one job that nothing keeps from being delivered.
do
  local stream, capacity, member, job, call = KEYS[1], tonumber(ARGV[3]), ARGV[7], ARGV[8], redis.call
  if ARGV[4] == '1' and ARGV[5] == '1' and string.byte(job) < 32 then
    local base = (string.find(stream, '^[^{]*{[^}]+}') and stream or '{' .. stream .. '}') .. ':'
    local ids = base .. 'ids'
    local offset = call('HGET', base .. 'meta', 'clock_offset')
    if not offset and (capacity == 0 or call('SCARD', ids) < capacity) then
      if call('SADD', ids, member) == 0 then return 0 end
      local clock = call('TIME')
      local now = clock[1] * 1000000 + clock[2]
      local stamp = struct.pack('>I6', math.floor(now / 16))
      local added = redis.pcall('XADD', stream, string.format('%.0f-1', now), 'j', stamp .. job)
      if type(added) == 'string' then return 1 end
      -- The rest of the script knows what to do.
      call('SREM', ids, member)
    end
  end
end

