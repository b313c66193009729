-- The balancers whose time has not ended.
-- KEYS[1] balancers  ZSET record (JSON) by the time in ms, by the write clock, at which it ends
-- KEYS[2] write-clock, see write-clock.lua
-- Returns their records
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. whole(read_write_clock(KEYS[2], now_ms())), '+inf')
