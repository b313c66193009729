-- Requests maintenance of a push server, unless some is under way.
-- KEYS[1] maintenance  HASH push server -> the record of its last maintenance, JSON
-- ARGV[1] push server, ARGV[2] record
-- Returns the record that is now the current one
local maintenance_key = KEYS[1]
local node, record = ARGV[1], ARGV[2]

local stored = redis.call('HGET', maintenance_key, node)
if stored and cjson.decode(stored).phase ~= 'done' then
  return stored
end
redis.call('HSET', maintenance_key, node, record)
return record
