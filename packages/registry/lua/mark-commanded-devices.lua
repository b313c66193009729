-- Marks devices that are about to be given commands, so that they are looked at now and then.
-- KEYS[1] marked  ZSET device by the time in ms at which it was marked last
-- KEYS[2] looks  ZSET device by the time of the last look
-- ARGV devices
local marked_key, looks_key = KEYS[1], KEYS[2]

local now = whole(now_ms())
for _, device in ipairs(ARGV) do
  redis.call('ZADD', marked_key, now, device)
  redis.call('ZADD', looks_key, 'NX', 0, device)
end
