-- Announces a push server; whoever held its id before is fenced off.
-- KEYS[1] nodes        HASH push server -> its record, JSON
-- KEYS[2] node-states  HASH push server -> "boot-id ready capacity weight live accepts-per-second overloaded seen-at", what other
--         scripts need; the last by the write clock
-- KEYS[3] write-clock, see write-clock.lua
-- KEYS[4] incarnation, see position.lua
-- ARGV[1] push server, ARGV[2] boot id, ARGV[3] "ready capacity weight live accepts-per-second overloaded", ARGV[4] record,
-- ARGV[5] a name for an incarnation, see position.lua
-- Returns the position of the registry
local nodes_key, states_key, clock_key, incarnation_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local node, boot_id, state, record = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local seen_at = whole(set_write_clock(clock_key, now_ms()))
redis.call('HSET', states_key, node, table.concat({ boot_id, state, seen_at }, ' '))
redis.call('HSET', nodes_key, node, record)
return write_position(incarnation_key, ARGV[5], seen_at)
