-- All push servers as they stand now, lapsed reservations not counted. Writes nothing: it is answered also where Redis
-- takes no writes.
-- KEYS[1] nodes        HASH push server -> its record, JSON
-- KEYS[2] node-states, see register-node.lua
-- KEYS[3] reservations, KEYS[4] reservation-lapses, KEYS[5] reserved: see reservations.lua
-- KEYS[6] node-problems, see set-problem.lua, KEYS[7] write-clock, see write-clock.lua
-- Returns { now by the write clock, then for each push server: record, seen-at, reserved, what was found to be wrong with
-- this life of it, JSON, or empty }
local nodes_key, states_key, problems_key, clock_key = KEYS[1], KEYS[2], KEYS[6], KEYS[7]
local keys = { reservations = KEYS[3], lapses = KEYS[4], reserved = KEYS[5] }

local now = read_write_clock(clock_key, now_ms())
local lapsed = count_lapsed(keys, now)
local listed = { whole(now) }
local records = redis.call('HGETALL', nodes_key)
for index = 1, #records, 2 do
  local node, record = records[index], records[index + 1]
  listed[#listed + 1] = record
  local state = redis.call('HGET', states_key, node)
  listed[#listed + 1] = string.match(state, '%d+$')
  listed[#listed + 1] = whole(tonumber(redis.call('HGET', keys.reserved, node) or '0') - (lapsed[node] or 0))
  local boot_id, problem = string.match(redis.call('HGET', problems_key, node) or '', '^%d (%S+) (.*)$')
  listed[#listed + 1] = boot_id == string.match(state, '^%S+') and problem or ''
end
return listed
