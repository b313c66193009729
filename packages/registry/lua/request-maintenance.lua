-- Requests maintenance of a push server, unless some is under way or the last one has the same id.
-- KEYS[1] maintenance  HASH push server -> the record of its last maintenance, JSON
-- ARGV[1] push server, ARGV[2] record, ARGV[3] its id
-- Returns the record that is now the current one
local maintenance_key = KEYS[1]
local node, record, id = ARGV[1], ARGV[2], ARGV[3]

local stored = redis.call('HGET', maintenance_key, node)
if stored then
  local last = cjson.decode(stored)
  if last.phase ~= 'done' or last.id == id then
    return stored
  end
end
redis.call('HSET', maintenance_key, node, record)
return record
