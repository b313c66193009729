-- Reads the keys of TLS session tickets.
-- KEYS[1] tls-ticket-keys  HASH revision, sealed, expires (ms, by the write clock)
-- KEYS[2] write-clock, see write-clock.lua
-- Returns {revision, sealed}; empty: there are none, or their lifetime has ended
local stored = redis.call('HMGET', KEYS[1], 'revision', 'sealed', 'expires')
if not stored[3] or tonumber(stored[3]) <= read_write_clock(KEYS[2], now_ms()) then
  return {}
end
return { stored[1], stored[2] }
