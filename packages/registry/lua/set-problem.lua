-- Keeps what was found to be wrong with a push server, or that nothing is, and appends events.
-- KEYS[1] node-states, see register-node.lua
-- KEYS[2] node-problems  HASH push server -> "impairs boot-id problem", the last JSON or empty; and `:token`, which is no
--         push server's id -> the greatest lease token under which something was written
-- KEYS[3] events STREAM, see heartbeat-delta.lua
-- ARGV[1] push server, ARGV[2] boot id that was tried, ARGV[3] lease token, ARGV[4] 1 if it is impaired else 0,
-- ARGV[5] problem, JSON, or empty: nothing is wrong, ARGV[6..] events, JSON
-- Returns 1, or 0 if another boot id holds the push server's id, or somebody with a greater token has written: nothing
-- was written
local states_key, problems_key, events_key = KEYS[1], KEYS[2], KEYS[3]
local node, boot_id, token, impairs, problem, first_event = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], 6

local holder = string.match(redis.call('HGET', states_key, node) or '', '^%S+')
if holder ~= boot_id or tonumber(redis.call('HGET', problems_key, ':token') or '-1') > tonumber(token) then
  return 0
end
redis.call('HSET', problems_key, ':token', token)
if problem == '' then
  redis.call('HDEL', problems_key, node)
else
  redis.call('HSET', problems_key, node, impairs .. ' ' .. boot_id .. ' ' .. problem)
end
append_events(events_key, ARGV, first_event)
return 1
