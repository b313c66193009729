-- Sets the write clock, which fails where Redis takes no writes.
-- KEYS[1] write-clock, see write-clock.lua
-- Returns 1
set_write_clock(KEYS[1], now_ms())
return 1
