-- Renews a push server's record, settles the reservations of the devices that have arrived, keeps the lists of
-- held devices, and appends events.
-- KEYS[1] nodes        HASH push server -> its record, JSON
-- KEYS[2] node-states, see register-node.lua
-- KEYS[3] reservations, KEYS[4] reservation-lapses, KEYS[5] reserved: see reservations.lua
-- KEYS[6] events STREAM, see heartbeat-delta.lua, KEYS[7] boots-with-devices SET of the boot ids that hold devices,
-- KEYS[8] write-clock, see write-clock.lua, KEYS[9] incarnation, see position.lua
-- KEYS[10..] held-devices  SET of devices, one for each of the lives of workers below
-- ARGV[1] push server, ARGV[2] boot id, ARGV[3] its state, ARGV[4] record, both as in register-node.lua,
-- ARGV[5] the key of boot-claims, see claim-boot.lua, ARGV[6] the position that it knows, or empty,
-- ARGV[7] a name for an incarnation, see position.lua, ARGV[8] how many workers it has,
-- then their boot ids; then how many lives of workers devices have come to or left; for each: boot id, number of devices that have
-- arrived, these, each once, number of devices that have left, these; then events, JSON
-- Returns { verdict, position }. The verdict is 'fenced' if another boot id holds the push server's id: nothing was written; 'lost' if
-- the registry is not at the known position any more; 'revived' if a boot id of its workers is claimed; 'struck-off' if only the record
-- was missing; or 'ok'
local nodes_key, states_key, events_key, boots_key, first_devices = KEYS[1], KEYS[2], KEYS[6], KEYS[7], 10
local clock_key, incarnation_key, claims_key, position, name = KEYS[8], KEYS[9], ARGV[5], ARGV[6], ARGV[7]
local keys = { reservations = KEYS[3], lapses = KEYS[4], reserved = KEYS[5] }
local node, boot_id, state, record = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local first_worker, last_worker = 9, 8 + tonumber(ARGV[8])
local boots, first_delta = tonumber(ARGV[last_worker + 1]), last_worker + 2

local known = redis.call('HGET', states_key, node)
local lost = has_lost(incarnation_key, clock_key, position)
-- What has come back may be from before this life of the push server.
if known and string.match(known, '^%S+') ~= boot_id and not lost then
  return { 'fenced', position }
end
local seen_at = whole(set_write_clock(clock_key, now_ms()))
redis.call('HSET', states_key, node, table.concat({ boot_id, state, seen_at }, ' '))
redis.call('HSET', nodes_key, node, record)

local at = first_delta
for index = 0, boots - 1 do
  local devices_key, worker_boot_id = KEYS[first_devices + index], ARGV[at]
  local first_arrived, last_arrived = at + 2, at + 1 + tonumber(ARGV[at + 1])
  local first_left, last_left = last_arrived + 2, last_arrived + 1 + tonumber(ARGV[last_arrived + 1])
  give_up_all(keys, ARGV, first_arrived, last_arrived)
  change_set('SADD', devices_key, ARGV, first_arrived, last_arrived)
  change_set('SREM', devices_key, ARGV, first_left, last_left)
  keep_boot(boots_key, devices_key, worker_boot_id)
  at = last_left + 1
end
append_events(events_key, ARGV, at)
position = write_position(incarnation_key, name, seen_at)
-- A claim is told of by the next answer as well.
if lost then
  return { 'lost', position }
end
for worker = first_worker, last_worker do
  if redis.call('ZSCORE', claims_key, ARGV[worker]) then
    return { 'revived', position }
  end
end
return { known and 'ok' or 'struck-off', position }
