-- Says what somebody wants of a group push. A cancel stays one.
-- KEYS[1] push  HASH record, operation, wish, token
-- ARGV[1] wish
-- Returns 1, or 0 if there is none
local push_key = KEYS[1]

local before = redis.call('HGET', push_key, 'wish')
if not before then
  return 0
end
if before ~= 'cancel' then
  redis.call('HSET', push_key, 'wish', ARGV[1])
end
return 1
