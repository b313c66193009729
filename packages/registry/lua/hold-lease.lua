-- Takes a lease, or renews it.
-- KEYS[1] lease  HASH token, holder, lapses (ms, by the write clock); without holder: given up
-- KEYS[2] write-clock, see write-clock.lua
-- ARGV[1] holder, ARGV[2] for how many ms
-- Returns the token as text, or false if another one holds the lease
local lease_key = KEYS[1]
local holder, ttl_ms = ARGV[1], tonumber(ARGV[2])

local now = now_ms()
local counted = set_write_clock(KEYS[2], now)
local stored = redis.call('HMGET', lease_key, 'token', 'holder', 'lapses')
local token, is_held = stored[1], stored[2] and counted < tonumber(stored[3])
if is_held and stored[2] ~= holder then
  return false
end
if not is_held then
  -- At least the clock, as epochs are: it grows also where all data was lost.
  token = whole(math.max(tonumber(token or '-1') + 1, now))
end
redis.call('HSET', lease_key, 'token', token, 'holder', holder, 'lapses', whole(counted + ttl_ms))
redis.call('PEXPIRE', lease_key, whole(ttl_ms + LEASE_MEMORY_MS))
return token
