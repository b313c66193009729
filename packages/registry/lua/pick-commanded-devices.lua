-- Picks devices with commands that nobody has looked at for the longest time, and writes that they are looked at now.
-- KEYS[1] looks  ZSET device by the time in ms of the last look; 0: none yet
-- ARGV[1] how long ago (ms) the last look must be, ARGV[2] how many at most
-- Returns their ids
local looks_key = KEYS[1]
local older_ms, limit = tonumber(ARGV[1]), ARGV[2]

local now = now_ms()
local devices = redis.call('ZRANGEBYSCORE', looks_key, '-inf', whole(now - older_ms), 'LIMIT', 0, limit)
for _, device in ipairs(devices) do
  redis.call('ZADD', looks_key, whole(now), device)
end
return devices
