-- Gives a lease up.
-- KEYS[1] lease  HASH token, holder, lapses (ms, by the write clock); without holder: given up
-- KEYS[2] write-clock, see write-clock.lua
-- ARGV[1] holder
-- Returns 1, or 0 if it was not held by that one
local lease_key = KEYS[1]
local holder = ARGV[1]

local stored = redis.call('HMGET', lease_key, 'holder', 'lapses')
if stored[1] ~= holder then
  return 0
end
redis.call('HDEL', lease_key, 'holder', 'lapses')
return read_write_clock(KEYS[2], now_ms()) < tonumber(stored[2]) and 1 or 0
