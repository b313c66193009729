-- Replaces the keys of TLS session tickets, unless somebody else has.
-- KEYS[1] tls-ticket-keys  HASH revision, sealed, expires (ms, by the write clock)
-- KEYS[2] write-clock, see write-clock.lua
-- ARGV[1] revision that they have now, 0: none, ARGV[2] sealed, ARGV[3] lifetime in ms
-- Returns 1, or 0 if they have another revision
local keys_key = KEYS[1]
local revision, sealed, lifetime_ms = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])

local now = set_write_clock(KEYS[2], now_ms())
local stored = redis.call('HMGET', keys_key, 'revision', 'expires')
local known = tonumber(stored[1] or 0)
local current = stored[2] and tonumber(stored[2]) > now and known or 0
if current ~= revision then
  return 0
end
redis.call('HSET', keys_key, 'revision', whole(known + 1), 'sealed', sealed, 'expires', whole(now + lifetime_ms))
-- Kept for longer than they are good: the clock of Redis may be set forward.
redis.call('PEXPIRE', keys_key, whole(2 * lifetime_ms))
return 1
