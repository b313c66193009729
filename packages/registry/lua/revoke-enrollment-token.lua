-- Ends an enrollment token.
-- KEYS[1] uses, see enrollment-tokens.lua
-- ARGV[1] id, ARGV[2] Unix time in milliseconds
-- Returns 1, or 0 where there is none of that id
local id, now = ARGV[1], ARGV[2]

local left, revoked_at, devices = read_uses(id)
if not left then
  return 0
end
if revoked_at == '' then
  write_uses(id, left, now, devices)
end
return 1
