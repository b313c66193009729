-- Stands in front of the scripts that void a device's tickets or ask whether they are void (redis/scripts.ts puts it
-- there, after commands.lua, whose `session` it uses).
-- KEYS[5] record  HASH, see write-device.lua. New tickets get its generation; those of generations below valid_from are
--         void, which is absent where none were ever voided. Of a deleted device it is greater than any ticket's
-- KEYS[6] tickets HASH, see tickets.lua
-- Where push servers run the script neither is among the keys: of a key that a script names, Redis asks for the right to write.
local record_key, tickets_key = KEYS[5], KEYS[6]

-- A registry that has lost a device, and gets it anew, knows of no voiding: tickets and sessions of before stay good. A
-- ticket of generation 0 does not say which it is of, and is good only where nothing is known of the device.
local function is_void(tickets, generation)
  local known = redis.call('HMGET', tickets, 'generation', 'valid_from')
  local valid_from = tonumber(known[2] or (known[1] and '1' or '0'))
  return valid_from > tonumber(generation)
end

-- At least the clock, as epochs are, so that it grows also where it was forgotten.
local function next_generation(now)
  local known = redis.call('HGET', record_key, 'generation')
  return whole(math.max(tonumber(known or '-1') + 1, now))
end

-- Tickets of now and before are void. Returns the generation of those to come.
local function void_tickets(now)
  local generation = next_generation(now)
  redis.call('HSET', record_key, 'generation', generation, 'valid_from', generation)
  return generation
end

-- Closes the session that is open, so that no assertion opens it again. Returns what `session` had of it.
local function end_session()
  local ended = session()
  if ended[2] then
    local moves = redis.call('HGET', session_key, 'moves')
    moves = with_move(moves, 'disconnected', whole(now_ms()), ended[2], ended[5], 'ticketVoid')
    redis.call('HSET', session_key, 'moves', moves)
  end
  if ended[1] then
    redis.call('HDEL', session_key, 'node', 'worker', 'boot', 'link', 'opened', 'reaped')
    redis.call('PEXPIRE', session_key, SESSION_MEMORY_MS)
  end
  return ended
end
