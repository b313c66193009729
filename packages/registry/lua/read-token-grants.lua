-- The grants of some hashes that have not ended.
-- KEYS[1] grants of one kind  HASH hash of the secret -> see token-grants.lua
-- KEYS[2] write-clock, see write-clock.lua
-- ARGV    hashes
-- Returns for each grant: { hash, name of the token, proof of the token, idle time left in ms, time left in ms }
local grants_key = KEYS[1]

local now = read_write_clock(KEYS[2], now_ms())
local found = {}
for _, hash in ipairs(ARGV) do
  local grant = live_grant(grants_key, hash, now)
  if grant then
    found[#found + 1] = { hash, grant.token, grant.proof, grant.idleEndsAt - now, grant.endsAt - now }
  end
end
return found
