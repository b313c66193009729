-- Closes a device's session if the epoch is still its own. The epoch itself is remembered for a while.
-- KEYS[1] session  HASH epoch, and while it is open: node, worker, boot, link, opened (ms); reaped: see reap-session.lua; moves: see
--         session-moves.lua
-- ARGV[1] epoch, ARGV[2] the reason, one word or empty
-- Returns 1, or 0 if another session is open or none
local session_key = KEYS[1]
local epoch, reason = ARGV[1], ARGV[2]

local stored = redis.call('HMGET', session_key, 'epoch', 'node', 'link', 'moves')
if stored[1] ~= epoch then
  return 0
end
if not stored[2] then
  -- Whoever held it says that it is over: an assertion that comes late does not open it again.
  redis.call('HDEL', session_key, 'reaped')
  return 0
end
redis.call('HSET', session_key, 'moves', with_move(stored[4], 'disconnected', whole(now_ms()), stored[2], stored[3], reason))
redis.call('HDEL', session_key, 'node', 'worker', 'boot', 'link', 'opened')
redis.call('PEXPIRE', session_key, SESSION_MEMORY_MS)
return 1
