-- All push servers as they stand now, lapsed reservations not counted.
-- KEYS[1] nodes        HASH push server -> its record, JSON
-- KEYS[2] node-states  HASH push server -> "boot-id ready capacity weight live seen-at-ms"
-- KEYS[3] reservations, KEYS[4] reservation-lapses, KEYS[5] reserved: see reservations.lua
-- Returns { now in ms, then for each push server: record, seen-at-ms, reserved }
local nodes_key, states_key = KEYS[1], KEYS[2]
local keys = { reservations = KEYS[3], lapses = KEYS[4], reserved = KEYS[5] }

local now = now_ms()
drop_lapsed(keys, now)
local listed = { whole(now) }
local records = redis.call('HGETALL', nodes_key)
for index = 1, #records, 2 do
  local node, record = records[index], records[index + 1]
  listed[#listed + 1] = record
  listed[#listed + 1] = string.match(redis.call('HGET', states_key, node), '%d+$')
  listed[#listed + 1] = redis.call('HGET', keys.reserved, node) or '0'
end
return listed
