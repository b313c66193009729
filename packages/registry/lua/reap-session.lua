-- Closes a device's session if a given life of a worker holds it: that worker is taken for dead. The epoch itself is
-- remembered for a while, and so is that nobody who held the session has closed it.
-- KEYS[1] session  HASH epoch, and while it is open: node, worker, boot, link, opened (ms); once it is reaped: reaped,
--         which is what opened was
-- ARGV[1] boot id of the worker
-- Returns 1, or 0 if that life of a worker holds no session of the device
local session_key = KEYS[1]
local boot_id = ARGV[1]

if redis.call('HGET', session_key, 'boot') ~= boot_id then
  return 0
end
local stored = redis.call('HMGET', session_key, 'opened', 'node', 'link', 'moves')
local moves = with_move(stored[4], 'disconnected', whole(now_ms()), stored[2], stored[3], 'nodeDead')
redis.call('HSET', session_key, 'reaped', stored[1], 'moves', moves)
redis.call('HDEL', session_key, 'node', 'worker', 'boot', 'link', 'opened')
redis.call('PEXPIRE', session_key, SESSION_MEMORY_MS)
return 1
