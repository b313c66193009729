-- Asks whoever leads to bring the rolling restart that is under way into a state; one that is cancelled stays so.
-- KEYS[1] rolling restart  HASH record, JSON; its id; ended, 0 or 1; desired state; token of the lease under which it was written
-- ARGV[1] desired state
-- Returns the record and the desired state of the last one, or two nils: there is none
local restart_key = KEYS[1]
local desired = ARGV[1]

local stored = redis.call('HMGET', restart_key, 'record', 'desired', 'ended')
if stored[1] and stored[3] == '0' and stored[2] ~= 'cancelled' then
  redis.call('HSET', restart_key, 'desired', desired)
  return { stored[1], desired }
end
return { stored[1], stored[2] }
