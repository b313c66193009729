-- Takes a push server out, with its reservations.
-- KEYS[1] nodes        HASH push server -> its record, JSON
-- KEYS[2] node-states, see register-node.lua
-- KEYS[3] reservations, KEYS[4] reservation-lapses, KEYS[5] reserved: see reservations.lua
-- KEYS[6] node-problems, see set-problem.lua, KEYS[7] next-slots, see reserve.lua
-- ARGV[1] push server, ARGV[2] boot id
-- Returns 1, or 0 if another boot id holds the push server's id: nothing was written
local nodes_key, states_key = KEYS[1], KEYS[2]
local keys = { reservations = KEYS[3], lapses = KEYS[4], reserved = KEYS[5] }
local node, boot_id = ARGV[1], ARGV[2]

local state = redis.call('HGET', states_key, node)
if state and string.match(state, '^%S+') ~= boot_id then
  return 0
end
redis.call('HDEL', states_key, node)
redis.call('HDEL', nodes_key, node)
redis.call('HDEL', KEYS[6], node)
redis.call('HDEL', KEYS[7], node)

-- Rare, and reservations are short-lived: reading all of them is cheaper than one more index for each.
local all = redis.call('HGETALL', keys.reservations)
local devices = {}
for index = 1, #all, 2 do
  if string.match(all[index + 1], '^%S+') == node then
    devices[#devices + 1] = all[index]
  end
end
give_up_all(keys, devices, 1, #devices)
return 1
