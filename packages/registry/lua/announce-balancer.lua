-- Lists a balancer for a time, and forgets those whose time has ended.
-- KEYS[1] balancers  ZSET record (JSON) by the time in ms, by the write clock, at which it ends
-- KEYS[2] write-clock, see write-clock.lua
-- KEYS[3] incarnation, see position.lua
-- ARGV[1] record, ARGV[2] for how many ms, ARGV[3] how many are kept at most, ARGV[4] a name for an incarnation, ARGV[5] the position that it knows, or empty
-- Returns { "lost" if the registry is not at that position any more, or "ok", position }
local balancers_key, clock_key, incarnation_key = KEYS[1], KEYS[2], KEYS[3]
local record, ttl_ms, most, name, known = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]

local lost = has_lost(incarnation_key, clock_key, known)
local now = set_write_clock(clock_key, now_ms())
redis.call('ZREMRANGEBYSCORE', balancers_key, '-inf', whole(now))
redis.call('ZADD', balancers_key, whole(now + ttl_ms), record)
redis.call('ZREMRANGEBYRANK', balancers_key, 0, -most - 1)
return { lost and 'lost' or 'ok', write_position(incarnation_key, name, whole(now)) }
