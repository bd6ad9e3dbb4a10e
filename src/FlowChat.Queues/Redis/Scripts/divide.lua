-- Before the scripts that bring jobs from the intake to their lanes.
local function to_lanes(bodies)
  local named, held = {}, {}
  for i, body in ipairs(bodies) do named[i] = lane_of(body) end
  for i, answer in ipairs(call('SMISMEMBER', lanes, unpack(named))) do held[named[i]] = answer == 1 end
  local begun = {}
  for i, body in ipairs(bodies) do
    local lane = named[i]
    if held[lane] then
      call('RPUSH', base .. 'lane:' .. lane, body)
    else
      held[lane], begun[#begun + 1] = true, lane
      place(body)
    end
  end
  if #begun > 0 then call('SADD', lanes, unpack(begun)) end
end

-- About so many, the oldest first. Answers how many it were.
local function divide(most)
  local divided = 0
  while divided < most do
    local bundle = call('LPOP', intake)
    if not bundle then break end
    local bodies = {}
    each_of(bundle, function(body) bodies[#bodies + 1] = body end)
    to_lanes(bodies)
    divided = divided + #bodies
  end
  return divided
end

