-- Opens a device's session; the newest always wins.
-- KEYS as in commands.lua; the session also has takeovers, the times in ms of the last ones, and moves, see session-moves.lua
-- ARGV[1] push server, ARGV[2] worker, ARGV[3] boot id of the worker, ARGV[4] link kind,
-- ARGV[5] generation of the ticket, ARGV[6] the key of tickets, see generations.lua
-- Returns { 'void' } if the ticket is: nothing was written; else { epoch, number of takeovers, 1 if there are commands
-- that have not ended, the device's group, false if it is not known }, then of the session that was open: epoch, node,
-- worker, boot, link, opened
local node, worker, boot_id, link, generation = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local tickets = ARGV[6]

if is_void(tickets, generation) then
  return { 'void' }
end
local now = now_ms()
begin(now)
local has_commands = unended() > 0 and 1 or 0
local group = redis.call('HGET', tickets, 'group')
local stored = redis.call('HMGET', session_key, 'epoch', 'node', 'worker', 'boot', 'link', 'opened')
local moves = redis.call('HGET', session_key, 'moves')
local kind = stored[2] and stored[4] ~= boot_id and 'moved' or 'connected'
local epoch = whole(math.max(tonumber(stored[1] or '-1') + 1, now))
redis.call(
  'HSET', session_key,
  'epoch', epoch, 'node', node, 'worker', worker, 'boot', boot_id, 'link', link, 'opened', whole(now),
  'moves', with_move(moves, kind, whole(now), node, link, '')
)
redis.call('HDEL', session_key, 'reaped')
-- Whoever holds it asserts it long before that.
redis.call('PEXPIRE', session_key, SESSION_MEMORY_MS)

local takeovers = {}
for time in string.gmatch(redis.call('HGET', session_key, 'takeovers') or '', '%d+') do
  if now - tonumber(time) < TAKEOVER_MS then
    takeovers[#takeovers + 1] = time
  end
end
if not stored[2] then
  return { epoch, #takeovers, has_commands, group }
end
takeovers[#takeovers + 1] = whole(now)
if #takeovers > REMEMBERED_TAKEOVERS then
  table.remove(takeovers, 1)
end
redis.call('HSET', session_key, 'takeovers', table.concat(takeovers, ' '))
return { epoch, #takeovers, has_commands, group, unpack(stored) }
