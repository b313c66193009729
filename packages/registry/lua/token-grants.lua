-- Stands in front of the scripts about grants for API tokens (redis/scripts.ts puts it there, after write-clock.lua).
-- A grant is kept as JSON: { order, token, proof, idleEndsAt, endsAt }, times in ms by the write clock.

-- Answers nil where it has ended.
local function live_grant(key, hash, now)
  local record = redis.call('HGET', key, hash)
  local grant = record and cjson.decode(record)
  return grant and grant.idleEndsAt > now and grant or nil
end
