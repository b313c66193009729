-- Opens a device's session; the newest always wins.
-- KEYS[1] session  HASH epoch, and while it is open: node, worker, boot, link, opened (ms)
-- ARGV[1] push server, ARGV[2] worker, ARGV[3] boot id of the worker, ARGV[4] link kind
-- Returns { epoch }, or { epoch, then of the session that was open: epoch, node, worker, boot, link, opened }
local session_key = KEYS[1]
local node, worker, boot_id, link = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local now = now_ms()
local stored = redis.call('HMGET', session_key, 'epoch', 'node', 'worker', 'boot', 'link', 'opened')
local epoch = whole(math.max(tonumber(stored[1] or '-1') + 1, now))
redis.call(
  'HSET', session_key,
  'epoch', epoch, 'node', node, 'worker', worker, 'boot', boot_id, 'link', link, 'opened', whole(now)
)
-- A closed session's memory has an end, an open session has none.
redis.call('PERSIST', session_key)
if stored[2] then
  return { epoch, unpack(stored) }
end
return { epoch }
