-- Requests maintenance of a push server, unless some is under way or the last one has the same id.
-- KEYS[1] maintenance           HASH push server -> the record of its last maintenance as it was requested, JSON
-- KEYS[2] maintenance-progress  HASH push server -> the record of that maintenance as it goes, JSON; written by the push server
-- ARGV[1] push server, ARGV[2] record, ARGV[3] its id
-- Returns { the record that is now the current one, how it goes: empty where nobody has said anything }
local maintenance_key, progress_key = KEYS[1], KEYS[2]
local node, record, id = ARGV[1], ARGV[2], ARGV[3]

local stored = redis.call('HGET', maintenance_key, node)
if stored then
  local last, progress = cjson.decode(stored), redis.call('HGET', progress_key, node) or ''
  local now = progress ~= '' and cjson.decode(progress)
  local phase = now and now.id == last.id and now.phase or last.phase
  if phase ~= 'done' or last.id == id then
    return { stored, progress }
  end
end
redis.call('HSET', maintenance_key, node, record)
return { record, '' }
