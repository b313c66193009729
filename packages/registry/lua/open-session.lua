-- Opens a device's session; the newest always wins.
-- KEYS as in commands.lua; the session also has takeovers, the times in ms of the last ones
-- ARGV[1] push server, ARGV[2] worker, ARGV[3] boot id of the worker, ARGV[4] link kind,
-- ARGV[5] for how many ms to remember the session, ARGV[6] for how many ms a takeover counts, ARGV[7] how many takeovers
-- are remembered
-- Returns { epoch, number of takeovers, 1 if there are commands that have not ended }, then of the session that was open:
-- epoch, node, worker, boot, link, opened
local node, worker, boot_id, link = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local memory_ms, takeover_ms, remembered = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])

local now = now_ms()
begin(now)
local has_commands = unended() > 0 and 1 or 0
local stored = redis.call('HMGET', session_key, 'epoch', 'node', 'worker', 'boot', 'link', 'opened')
local epoch = whole(math.max(tonumber(stored[1] or '-1') + 1, now))
redis.call(
  'HSET', session_key,
  'epoch', epoch, 'node', node, 'worker', worker, 'boot', boot_id, 'link', link, 'opened', whole(now)
)
redis.call('HDEL', session_key, 'reaped')
-- Whoever holds it asserts it long before that.
redis.call('PEXPIRE', session_key, memory_ms)

local takeovers = {}
for time in string.gmatch(redis.call('HGET', session_key, 'takeovers') or '', '%d+') do
  if now - tonumber(time) < takeover_ms then
    takeovers[#takeovers + 1] = time
  end
end
if not stored[2] then
  return { epoch, #takeovers, has_commands }
end
takeovers[#takeovers + 1] = whole(now)
if #takeovers > remembered then
  table.remove(takeovers, 1)
end
redis.call('HSET', session_key, 'takeovers', table.concat(takeovers, ' '))
return { epoch, #takeovers, has_commands, unpack(stored) }
