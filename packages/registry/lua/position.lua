-- Stands in front of the scripts by which push servers are heard (redis/scripts.ts puts it there, after write-clock.lua, whose
-- `last_reading` it uses). A position is "incarnation reading": which life of its data the registry is in, and what the write
-- clock said. `key` names incarnation, a STRING that whoever is heard first after a loss makes anew, by the name that it
-- brings, which nobody else has. embedded/position.ts has the same rules.

-- Comes after the write clock was set: `reading` is what it says.
local function write_position(key, name, reading)
  redis.call('SET', key, name, 'NX')
  return redis.call('GET', key) .. ' ' .. reading
end

-- Whether what stood at the position `known` is missing now. Comes before the write clock is set, which never goes back.
local function has_lost(key, clock_key, known)
  local incarnation, reading = string.match(known, '^(%S+) (%d+)$')
  if not incarnation then
    return false
  end
  return redis.call('GET', key) ~= incarnation or last_reading(clock_key) < tonumber(reading)
end
