-- Replaces a distribution point that nobody else has changed meanwhile.
-- KEYS[1] distribution-points  HASH id -> JSON
-- ARGV[1] id, ARGV[2] JSON until now, ARGV[3] JSON from now on
-- Returns 1, or 0 if it is another one by now
local points_key = KEYS[1]
local id, before, after = ARGV[1], ARGV[2], ARGV[3]

if redis.call('HGET', points_key, id) ~= before then
  return 0
end
redis.call('HSET', points_key, id, after)
return 1
