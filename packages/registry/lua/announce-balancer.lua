-- Lists a balancer for a time, and forgets those whose time has ended.
-- KEYS[1] balancers  ZSET record (JSON) by the time in ms, by the write clock, at which it ends
-- KEYS[2] write-clock, see write-clock.lua
-- ARGV[1] record, ARGV[2] for how many ms, ARGV[3] how many are kept at most
-- Returns 1
local balancers_key = KEYS[1]
local record, ttl_ms, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local now = set_write_clock(KEYS[2], now_ms())
redis.call('ZREMRANGEBYSCORE', balancers_key, '-inf', whole(now))
redis.call('ZADD', balancers_key, whole(now + ttl_ms), record)
redis.call('ZREMRANGEBYRANK', balancers_key, 0, -most - 1)
return 1
