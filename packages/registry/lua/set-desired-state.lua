-- Says what somebody wants of a group push. A cancel stays one.
-- KEYS[1] push  HASH record, operation, desired-state, token
-- ARGV[1] desired-state
-- Returns 1, or 0 if there is none
local push_key = KEYS[1]

local before = redis.call('HGET', push_key, 'desired-state')
if not before then
  return 0
end
if before ~= 'cancelled' then
  redis.call('HSET', push_key, 'desired-state', ARGV[1])
end
return 1
