-- Picks the best push server for a device, and keeps a place and a slot for it there.
-- KEYS[1] node-states, see register-node.lua
-- KEYS[2] reservations, KEYS[3] reservation-lapses, KEYS[4] reserved: see reservations.lua
-- KEYS[5] node-problems, see set-problem.lua, KEYS[6] write-clock, see write-clock.lua
-- KEYS[7] next-slots  HASH push server -> its next slot, in ms by the write clock
-- ARGV[1] device, ARGV[2] lapse in ms, ARGV[3] backups wanted, ARGV[4] silence in ms that makes a push server suspect,
-- ARGV[5] first rank of those to avoid, ARGV[6] 1 if impaired and overloaded ones are never used else 0, ARGV[7] the push server
-- where the device has an open session, or empty, ARGV[8] how many push servers, then their names, then their ranks, in the
-- order in which equally loaded ones are used (see placement.ts, whose choosePlaces makes the same choice; slots.ts has the
-- rules of slots)
-- Returns { 'reserved', primary, time until the slot in ms, backups... } or { 'full' } or { 'none-ready' }
local states_key, problems_key, clock_key, slots_key = KEYS[1], KEYS[5], KEYS[6], KEYS[7]
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
local slots = redis.call('HMGET', slots_key, unpack(names))

local function earliest_slot(next_slot, overloaded)
  local open = overloaded and now + SLOT_OVERLOADED_MS or now
  return math.min(math.max(open, next_slot), now + LONGEST_SLOT_MS)
end

-- Ready places in the order of their ranks.
local places, by_name = {}, {}
for index, name in ipairs(names) do
  local boot_id, ready, capacity, weight, live, accepts, overload, seen_at =
    string.match(states[index] or '', '^(%S+) (%d) (%d+) (%d+) (%d+) (%d+) (%d) (%d+)$')
  local impaired = string.match(problems[index] or '', '^1 (%S+) ') == boot_id
  local overloaded = overload == '1'
  if ready == '1' and now - tonumber(seen_at) < suspect_after_ms then
    local place = { name = name, impaired = impaired, overloaded = overloaded }
    place.rank, place.accepts = tonumber(ARGV[first_rank + index - 1]), tonumber(accepts)
    place.capacity, place.live = tonumber(capacity), tonumber(live)
    place.share = place.capacity * tonumber(weight)
    place.slot = earliest_slot(tonumber(slots[index] or '0'), overloaded)
    by_name[name] = place
    if not (only_sound and (impaired or overloaded)) then
      places[#places + 1] = place
    end
  end
end

local held, held_slot, is_own
local reservation = redis.call('HGET', keys.reservations, device)
if reservation then
  local name
  name, held_slot, is_own = string.match(reservation, '^(%S+) (%d+) (%d)$')
  held, held_slot = by_name[name], tonumber(held_slot)
  if held and (held.impaired or held.rank >= first_avoided_rank or (is_own == '1' and name ~= owned)) then
    held = nil
  end
end
-- Before anything is counted: the place that the device gives up may be the one it gets again.
if not held then
  give_up(keys, { device })
end
if #places == 0 and not held then
  return { 'none-ready' }
end

local reserved = redis.call('HMGET', keys.reserved, unpack(names))
for index, name in ipairs(names) do
  local place = by_name[name]
  if place then
    place.used = place.live + tonumber(reserved[index] or '0') - (name == owned and 1 or 0)
  end
end

-- Overloaded ones come after all others, then the rank decides.
local function is_preferred(one, other)
  if one.overloaded ~= other.overloaded then
    return other.overloaded
  end
  return one.rank < other.rank
end

-- Those with room that are impaired, or those that are not, and that nothing else but the load ranks behind another one.
local function take_equals(impaired)
  local equals = {}
  for _, place in ipairs(places) do
    if place.impaired == impaired and place.used < place.capacity and place ~= held and not place.taken then
      if equals[1] and is_preferred(place, equals[1]) then
        equals = {}
      end
      if not equals[1] or not is_preferred(equals[1], place) then
        equals[#equals + 1] = place
      end
    end
  end
  return equals
end

-- The least loaded, of those whose slot is not later than `latest`. A tie falls to the one that comes first.
local function take_least_loaded(equals, latest)
  local best
  for _, place in ipairs(equals) do
    if place.slot <= latest and (not best or place.used / place.share < best.used / best.share) then
      best = place
    end
  end
  if best then
    best.taken = true
  end
  return best
end

local function take_primary(impaired)
  local equals, earliest = take_equals(impaired), math.huge
  for _, place in ipairs(equals) do
    earliest = math.min(earliest, place.slot)
  end
  return take_least_loaded(equals, earliest + SLOT_TOLERANCE_MS + (earliest - now) * SLOT_TOLERANCE_PERCENT / 100)
end

local from_impaired = false
local primary = held or take_primary(false)
if not primary then
  from_impaired = true
  primary = take_primary(true)
end
if not primary then
  return { 'full' }
end

local slot = held and held_slot
if not held then
  slot = math.floor(primary.slot)
  local next_slot = primary.slot + 1000 * 100 / (SLOT_PACE_PERCENT * primary.accepts)
  redis.call('HSET', slots_key, primary.name, string.format('%.3f', next_slot))
  local own = primary.name == owned
  redis.call('HSET', keys.reservations, device, table.concat({ primary.name, whole(slot), own and 1 or 0 }, ' '))
  if not own then
    redis.call('HINCRBY', keys.reserved, primary.name, 1)
  end
end
redis.call('ZADD', keys.lapses, whole(math.max(now, slot) + lapse_ms), device)

local wait_ms = slot - now
local answer = { 'reserved', primary.name, whole(wait_ms < SLOT_AT_ONCE_MS and 0 or wait_ms) }
for _ = 1, backups do
  local backup = take_least_loaded(take_equals(from_impaired), math.huge)
  answer[#answer + 1] = backup and backup.name
end
return answer
