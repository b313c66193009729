-- The ticket keys whose lifetime has not ended.
-- KEYS[1] write-clock, see write-clock.lua
-- ARGV: keys that push servers only read, so that they are not named as KEYS, see generations.lua
-- ARGV[1] ticket-keys          HASH kid -> JSON Web Key
-- ARGV[2] ticket-key-expiries  ZSET kid by the time in ms, by the write clock, at which its lifetime ends
-- Returns { for each key: kid, JSON Web Key }
local keys_key, expiries_key = ARGV[1], ARGV[2]

local listed = {}
for _, kid in ipairs(redis.call('ZRANGEBYSCORE', expiries_key, '(' .. whole(read_write_clock(KEYS[1], now_ms())), '+inf')) do
  listed[#listed + 1] = kid
  listed[#listed + 1] = redis.call('HGET', keys_key, kid)
end
return listed
