-- Writes how a rolling restart goes.
-- KEYS[1] rolling restart  HASH record, JSON; its id; ended, 0 or 1; desired state; token of the lease under which it was written
-- ARGV[1] record, ARGV[2] its id, ARGV[3] whether it has ended, ARGV[4] lease token
-- Returns the desired state, or nil if it is no longer under way or somebody with a greater token has written
local restart_key = KEYS[1]
local record, id, ended, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local stored = redis.call('HMGET', restart_key, 'id', 'ended', 'token', 'desired')
if stored[1] ~= id or stored[2] ~= '0' or tonumber(stored[3] or '-1') > tonumber(token) then
  return false
end
redis.call('HSET', restart_key, 'record', record, 'ended', ended, 'token', token)
return stored[4]
