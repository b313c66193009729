-- Lets a grant last on, unless it has ended.
-- KEYS[1] grants of one kind  HASH hash of the secret -> see token-grants.lua
-- KEYS[2] write-clock, see write-clock.lua
-- ARGV[1] hash, ARGV[2] idle time in ms
-- Returns 1, or 0 where it has ended
local grants_key = KEYS[1]
local hash, idle_ms = ARGV[1], tonumber(ARGV[2])

local now = set_write_clock(KEYS[2], now_ms())
local grant = live_grant(grants_key, hash, now)
if not grant then
  return 0
end
grant.idleEndsAt = math.min(grant.endsAt, now + idle_ms)
redis.call('HSET', grants_key, hash, cjson.encode(grant))
return 1
