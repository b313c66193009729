-- The ticket keys whose lifetime has not ended.
-- KEYS[1] ticket-keys          HASH kid -> JSON Web Key
-- KEYS[2] ticket-key-expiries  ZSET kid by the time in ms, by the write clock, at which its lifetime ends
-- KEYS[3] write-clock, see write-clock.lua
-- Returns { for each key: kid, JSON Web Key }
local keys_key, expiries_key = KEYS[1], KEYS[2]

local listed = {}
for _, kid in ipairs(redis.call('ZRANGEBYSCORE', expiries_key, '(' .. whole(read_write_clock(KEYS[3], now_ms())), '+inf')) do
  listed[#listed + 1] = kid
  listed[#listed + 1] = redis.call('HGET', keys_key, kid)
end
return listed
