-- Stands in front of the scripts that void a device's tickets or ask whether they are void (redis/scripts.ts puts it
-- there, after commands.lua, whose `session` it uses).
-- KEYS[5] record  HASH, see write-device.lua. Its generation is that of the tickets which are good; of a deleted device it
--         is greater than any ticket's
local record_key = KEYS[5]

local function is_void(generation)
  local good = redis.call('HGET', record_key, 'generation')
  return good and tonumber(good) > tonumber(generation)
end

-- Tickets of now and before are void. Returns the generation of those to come: at least the clock, as epochs are, so that
-- it grows also where it was forgotten.
local function void_tickets(now)
  local good = redis.call('HGET', record_key, 'generation')
  local generation = whole(math.max(tonumber(good or '-1') + 1, now))
  redis.call('HSET', record_key, 'generation', generation)
  return generation
end

-- Closes the session that is open, so that no assertion opens it again. Returns what `session` had of it.
local function end_session()
  local ended = session()
  if ended[1] then
    redis.call('HDEL', session_key, 'node', 'worker', 'boot', 'link', 'opened', 'reaped')
    redis.call('PEXPIRE', session_key, SESSION_MEMORY_MS)
  end
  return ended
end
