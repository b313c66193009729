-- Writes how a push server's maintenance goes.
-- KEYS[1] maintenance  HASH push server -> the record of its last maintenance, JSON
-- ARGV[1] push server, ARGV[2] id of the maintenance, ARGV[3] record
-- Returns 1, or 0 if it is no longer the current one
local maintenance_key = KEYS[1]
local node, id, record = ARGV[1], ARGV[2], ARGV[3]

local stored = redis.call('HGET', maintenance_key, node)
if not stored or cjson.decode(stored).id ~= id then
  return 0
end
redis.call('HSET', maintenance_key, node, record)
return 1
