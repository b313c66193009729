-- Picks the best push server for a device and keeps a place for it there.
-- KEYS[1] node-states  HASH push server -> "boot-id ready capacity weight live seen-at"
-- KEYS[2] reservations, KEYS[3] reservation-lapses, KEYS[4] reserved: see reservations.lua
-- KEYS[5] node-problems, see set-problem.lua, KEYS[6] write-clock, see write-clock.lua
-- ARGV[1] device, ARGV[2] lapse in ms, ARGV[3] backups wanted, ARGV[4] silence in ms that makes a push server suspect,
-- ARGV[5] first rank of those to avoid, ARGV[6] 1 if impaired ones are never used else 0, ARGV[7] the push server where the
-- device has an open session, or empty, ARGV[8] how many push servers, then their names, then their ranks, in the order in which equally loaded ones are used (see placement.ts, whose
-- choosePlaces makes the same choice)
-- Returns { 'reserved', primary, backups... } or { 'full' } or { 'none-ready' }
local states_key, problems_key, clock_key = KEYS[1], KEYS[5], KEYS[6]
local keys = { reservations = KEYS[2], lapses = KEYS[3], reserved = KEYS[4] }
local device, lapse_ms, backups = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local suspect_after_ms, first_avoided_rank = tonumber(ARGV[4]), tonumber(ARGV[5])
local only_sound, owned, count = ARGV[6] == '1', ARGV[7], tonumber(ARGV[8])
local first_name, first_rank = 9, 9 + count

local now = set_write_clock(clock_key, now_ms())
drop_lapsed(keys, now)
if count == 0 then
  give_up(keys, { device })
  return { 'none-ready' }
end

local names = { unpack(ARGV, first_name, first_rank - 1) }
local states = redis.call('HMGET', states_key, unpack(names))
local problems = redis.call('HMGET', problems_key, unpack(names))

-- Ready places in the order of their ranks.
local places, by_name = {}, {}
for index, name in ipairs(names) do
  local boot_id, ready, capacity, weight, live, seen_at =
    string.match(states[index] or '', '^(%S+) (%d) (%d+) (%d+) (%d+) (%d+)$')
  local impaired = string.match(problems[index] or '', '^1 (%S+) ') == boot_id
  if ready == '1' and now - tonumber(seen_at) < suspect_after_ms and not (only_sound and impaired) then
    local rank = tonumber(ARGV[first_rank + index - 1])
    local place = { name = name, rank = rank, impaired = impaired, capacity = tonumber(capacity), live = tonumber(live) }
    place.share = place.capacity * tonumber(weight)
    places[#places + 1] = place
    by_name[name] = place
  end
end

local held = by_name[redis.call('HGET', keys.reservations, device) or '']
if held and (held.impaired or held.rank >= first_avoided_rank) then
  held = nil
end
-- Before anything is counted: the place that the device gives up may be the one it gets again.
if not held then
  give_up(keys, { device })
end
if #places == 0 then
  return { 'none-ready' }
end

local reserved = redis.call('HMGET', keys.reserved, unpack(names))
for index, name in ipairs(names) do
  local place = by_name[name]
  if place then
    place.used = place.live + tonumber(reserved[index] or '0') - (name == owned and 1 or 0)
  end
end

-- The next best with room among those that are impaired, or those that are not, which is then out of the choice. A tie
-- falls to the one that comes first.
local function take_best(impaired)
  local best
  for index, place in ipairs(places) do
    if best and place.rank > places[best].rank then
      break
    end
    if place.impaired == impaired and place.used < place.capacity and place ~= held and not place.taken then
      if not best or place.used / place.share < places[best].used / places[best].share then
        best = index
      end
    end
  end
  if best then
    places[best].taken = true
    return places[best].name
  end
end

local from_impaired = false
local primary = held and held.name or take_best(false)
if not primary then
  from_impaired = true
  primary = take_best(true)
end
if not primary then
  return { 'full' }
end
if not held and primary ~= owned then
  redis.call('HSET', keys.reservations, device, primary)
  redis.call('HINCRBY', keys.reserved, primary, 1)
end
if held or primary ~= owned then
  redis.call('ZADD', keys.lapses, whole(now + lapse_ms), device)
end

local answer = { 'reserved', primary }
for _ = 1, backups do
  answer[#answer + 1] = take_best(from_impaired)
end
return answer
