-- Ends a grant.
-- KEYS[1] grants of one kind  HASH hash of the secret -> see token-grants.lua
-- KEYS[2] write-clock, see write-clock.lua
-- ARGV[1] hash
-- Returns { name of the token, proof of the token }, or {} where it has ended before
local grants_key = KEYS[1]
local hash = ARGV[1]

local grant = live_grant(grants_key, hash, set_write_clock(KEYS[2], now_ms()))
redis.call('HDEL', grants_key, hash)
return grant and { grant.token, grant.proof } or {}
