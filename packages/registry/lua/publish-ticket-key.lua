-- Publishes a ticket key from now on for its lifetime, and forgets those whose lifetime has ended.
-- KEYS[1] ticket-keys          HASH kid -> JSON Web Key
-- KEYS[2] ticket-key-expiries  ZSET kid by the time in ms, by the write clock, at which its lifetime ends
-- KEYS[3] write-clock, see write-clock.lua
-- ARGV[1] kid, ARGV[2] JSON Web Key, ARGV[3] lifetime in ms
-- Returns 1
local keys_key, expiries_key = KEYS[1], KEYS[2]
local kid, jwk, lifetime_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])

local now = set_write_clock(KEYS[3], now_ms())
for _, expired in ipairs(redis.call('ZRANGEBYSCORE', expiries_key, '-inf', now)) do
  redis.call('HDEL', keys_key, expired)
end
redis.call('ZREMRANGEBYSCORE', expiries_key, '-inf', now)
redis.call('HSET', keys_key, kid, jwk)
redis.call('ZADD', expiries_key, whole(now + lifetime_ms), kid)
return 1
