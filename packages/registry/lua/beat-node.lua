-- Renews a push server's record and settles the reservations of the devices that have arrived.
-- KEYS[1] nodes        HASH push server -> its record, JSON
-- KEYS[2] node-states  HASH push server -> "boot-id ready capacity live seen-at-ms"
-- KEYS[3] reservations, KEYS[4] reservation-lapses, KEYS[5] reserved: see reservations.lua
-- ARGV[1] push server, ARGV[2] boot id, ARGV[3] 1 if ready else 0, ARGV[4] capacity, ARGV[5] live, ARGV[6] record
-- ARGV[7..] devices that have arrived, each once
-- Returns 1, or 0 if another boot id holds the push server's id: nothing was written
local nodes_key, states_key = KEYS[1], KEYS[2]
local keys = { reservations = KEYS[3], lapses = KEYS[4], reserved = KEYS[5] }
local node, boot_id, ready, capacity, live, record = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local first_arrived = 7

local state = redis.call('HGET', states_key, node)
if state and string.match(state, '^%S+') ~= boot_id then
  return 0
end
redis.call('HSET', states_key, node, table.concat({ boot_id, ready, capacity, live, whole(now_ms()) }, ' '))
redis.call('HSET', nodes_key, node, record)
give_up_all(keys, ARGV, first_arrived)
return 1
