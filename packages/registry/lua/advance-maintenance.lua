-- Writes how a push server's maintenance goes.
-- KEYS[1] maintenance-progress  HASH push server -> the record of its last maintenance as it goes, JSON
-- ARGV[1] push server, ARGV[2] id of the maintenance, ARGV[3] record
-- ARGV[4] maintenance           HASH push server -> that record as it was requested, JSON; push servers only read it, so that it is
--         not named as a key, see generations.lua
-- Returns 1, or 0 if it is no longer the current one
local progress_key = KEYS[1]
local node, id, record, maintenance_key = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local stored = redis.call('HGET', maintenance_key, node)
if not stored or cjson.decode(stored).id ~= id then
  return 0
end
redis.call('HSET', progress_key, node, record)
return 1
