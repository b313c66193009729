-- Takes devices without commands off the list of those to look at. One that was marked a moment ago may be about to be
-- given some: it stays for now.
-- KEYS[1] marked  ZSET device by the time in ms at which it was marked last
-- KEYS[2] looks  ZSET device by the time of the last look
-- ARGV[1] how long ago (ms) it must have been marked, then devices
local marked_key, looks_key = KEYS[1], KEYS[2]

local before = now_ms() - tonumber(ARGV[1])
for index = 2, #ARGV do
  if tonumber(redis.call('ZSCORE', marked_key, ARGV[index]) or '0') <= before then
    redis.call('ZREM', marked_key, ARGV[index])
    redis.call('ZREM', looks_key, ARGV[index])
  end
end
