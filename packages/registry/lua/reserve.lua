-- Picks the best push server for a device, and keeps a place and a slot for it there.
-- KEYS[1] node-states, see register-node.lua
-- KEYS[2] reservations, KEYS[3] reservation-lapses, KEYS[4] reserved: see reservations.lua
-- KEYS[5] node-problems, see set-problem.lua, KEYS[6] write-clock, see write-clock.lua
-- KEYS[7] next-slots  HASH push server -> its next slot, in ms by the write clock
-- ARGV[1] device, ARGV[2] lapse in ms, ARGV[3] backups wanted, ARGV[4] silence in ms that makes a push server suspect,
-- ARGV[5] first rank of those to avoid, ARGV[6] 1 if impaired and overloaded ones are never used else 0, ARGV[7] the push server
-- where the device has an open session, or empty, ARGV[8] how many push servers, then their names, in the order in which equally
-- loaded ones are used, then each rank and how many of them have it (see placement.ts, whose choosePlaces makes the same choice;
-- slots.ts has the rules of slots)
-- A device's scope may have hundreds of push servers, and each costs time here: what most of them do not need is not read.
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
-- There are none, as a rule.
local problems = redis.call('HLEN', problems_key) > 0 and redis.call('HMGET', problems_key, unpack(names)) or {}
local slots = redis.call('HMGET', slots_key, unpack(names))

local function earliest_slot(next_slot, overloaded)
  local open = overloaded and now + SLOT_OVERLOADED_MS or now
  return math.min(math.max(open, next_slot), now + LONGEST_SLOT_MS)
end

-- Ready places in the order of their ranks; and each ready one by its index, whether it may be used or not.
local places, ready = {}, {}
local rank_at, left_of_rank = first_rank - 2, 0
local rank
for index, name in ipairs(names) do
  if left_of_rank == 0 then
    rank_at = rank_at + 2
    rank, left_of_rank = tonumber(ARGV[rank_at]), tonumber(ARGV[rank_at + 1])
  end
  left_of_rank = left_of_rank - 1
  local state = states[index]
  local capacity, weight, live, overload, seen_at =
    string.match(state or '', '^%S+ 1 (%d+) (%d+) (%d+) %d+ (%d) (%d+)$')
  if capacity and now - seen_at < suspect_after_ms then
    local problem = problems[index]
    local impaired = problem and string.match(problem, '^1 (%S+) ') == string.match(state, '^%S+') or false
    local overloaded = overload == '1'
    -- In one piece: a table that grows field by field is made anew three times.
    local place = {
      name = name,
      state = state,
      impaired = impaired,
      overloaded = overloaded,
      rank = rank,
      -- Overloaded ones come after all others, then the rank decides.
      order = (overloaded and 1000000 or 0) + rank,
      capacity = tonumber(capacity),
      share = capacity * weight,
      slot = earliest_slot(tonumber(slots[index] or 0), overloaded),
      used = tonumber(live),
      taken = false,
    }
    ready[index] = place
    if not (only_sound and (impaired or overloaded)) then
      places[#places + 1] = place
    end
  end
end

local function find_ready(name)
  for index, one in ipairs(names) do
    if one == name then
      return ready[index]
    end
  end
end

local held, held_slot, is_own
local reservation = redis.call('HGET', keys.reservations, device)
if reservation then
  local name
  name, held_slot, is_own = string.match(reservation, '^(%S+) (%d+) (%d)$')
  held, held_slot = find_ready(name), tonumber(held_slot)
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
for index, place in pairs(ready) do
  place.used = place.used + (reserved[index] or 0) - (place.name == owned and 1 or 0)
end

-- Those with room that are impaired, or those that are not, and that nothing else but the load ranks behind another one.
local function take_equals(impaired)
  local equals, order = {}, math.huge
  for _, place in ipairs(places) do
    if
      place.order <= order
      and place.impaired == impaired
      and place.used < place.capacity
      and place ~= held
      and not place.taken
    then
      if place.order < order then
        equals, order = {}, place.order
      end
      equals[#equals + 1] = place
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
  local accepts = string.match(primary.state, '^%S+ 1 %d+ %d+ %d+ (%d+)')
  local next_slot = primary.slot + 1000 * 100 / (SLOT_PACE_PERCENT * accepts)
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
