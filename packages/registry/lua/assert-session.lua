-- Says that a device's session is, still or again, held by a worker.
-- KEYS as in commands.lua; reaped: see reap-session.lua
-- ARGV[1] epoch, ARGV[2] push server, ARGV[3] worker, ARGV[4] boot id of the worker, ARGV[5] link kind,
-- ARGV[6] generation of the ticket that it was opened with, ARGV[7] the key of tickets, see generations.lua
-- Returns 'ok', 'superseded' if a later session is known, 'ended' if this one is known as closed, or as another worker's,
-- or 'void' if it is not open and the ticket is void: then nothing was written
local epoch, node, worker, boot_id, link, generation = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local tickets = ARGV[7]

local stored = redis.call('HMGET', session_key, 'epoch', 'node', 'worker', 'opened', 'reaped', 'moves')
local known, reaped = tonumber(stored[1] or '-1'), stored[5]
if known > tonumber(epoch) then
  return 'superseded'
end
-- Whatever voids a ticket ends the session, so an open one needs none.
if is_void(tickets, generation) and not (known == tonumber(epoch) and stored[2]) then
  return 'void'
end
if known == tonumber(epoch) and not reaped and (stored[2] ~= node or stored[3] ~= worker) then
  return 'ended'
end
-- An epoch is the time of its opening, unless it had to be greater.
local opened = known == tonumber(epoch) and (reaped or stored[4]) or whole(math.min(tonumber(epoch), now_ms()))
if known ~= tonumber(epoch) or not stored[2] then
  redis.call('HSET', session_key, 'moves', with_move(stored[6], 'connected', whole(now_ms()), node, link, 'sessionAsserted'))
end
redis.call('HDEL', session_key, 'reaped')
redis.call(
  'HSET', session_key,
  'epoch', epoch, 'node', node, 'worker', worker, 'boot', boot_id, 'link', link, 'opened', opened
)
redis.call('PEXPIRE', session_key, SESSION_MEMORY_MS)
return 'ok'
