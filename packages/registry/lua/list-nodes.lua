-- All push servers as they stand now, lapsed reservations not counted.
-- KEYS[1] nodes        HASH push server -> its record, JSON
-- KEYS[2] node-states  HASH push server -> "boot-id ready capacity weight live seen-at-ms"
-- KEYS[3] reservations, KEYS[4] reservation-lapses, KEYS[5] reserved: see reservations.lua
-- KEYS[6] node-problems, see set-problem.lua
-- Returns { now in ms, then for each push server: record, seen-at-ms, reserved, what was found to be wrong with this life
-- of it, JSON, or empty }
local nodes_key, states_key, problems_key = KEYS[1], KEYS[2], KEYS[6]
local keys = { reservations = KEYS[3], lapses = KEYS[4], reserved = KEYS[5] }

local now = now_ms()
drop_lapsed(keys, now)
local listed = { whole(now) }
local records = redis.call('HGETALL', nodes_key)
for index = 1, #records, 2 do
  local node, record = records[index], records[index + 1]
  listed[#listed + 1] = record
  local state = redis.call('HGET', states_key, node)
  listed[#listed + 1] = string.match(state, '%d+$')
  listed[#listed + 1] = redis.call('HGET', keys.reserved, node) or '0'
  local boot_id, problem = string.match(redis.call('HGET', problems_key, node) or '', '^%d (%S+) (.*)$')
  listed[#listed + 1] = boot_id == string.match(state, '^%S+') and problem or ''
end
return listed
