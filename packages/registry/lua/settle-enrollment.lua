-- A device is registered: what was taken for it is no longer remembered.
-- KEYS[1] uses, see enrollment-tokens.lua
-- ARGV[1] id, ARGV[2] device
local id, device = ARGV[1], ARGV[2]

local left, revoked_at, devices = read_uses(id)
if left then
  write_uses(id, left, revoked_at, without(devices, device))
end
