-- Keeps a rolling restart as the one that is under way, unless another one is.
-- KEYS[1] rolling restart  HASH record, JSON; its id; ended, 0 or 1; desired state; token of the lease under which it was written
-- ARGV[1] record, ARGV[2] its id
-- Returns the record and the desired state of the one that is under way, or two nils: it was kept
local restart_key = KEYS[1]
local record, id = ARGV[1], ARGV[2]

local stored = redis.call('HMGET', restart_key, 'record', 'desired', 'ended')
if stored[1] and stored[3] == '0' then
  return { stored[1], stored[2] }
end
redis.call('HSET', restart_key, 'record', record, 'id', id, 'ended', 0, 'desired', 'running')
return { false, false }
