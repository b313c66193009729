-- Takes one of the registrations of an enrollment token for a device, unless it has one that is not settled.
-- KEYS[1] uses, see enrollment-tokens.lua
-- ARGV[1] id, ARGV[2] device, ARGV[3] how many devices are remembered; of more the first one counts for good
-- Returns "taken", "used-up", "revoked" or "absent"
local id, device, most = ARGV[1], ARGV[2], tonumber(ARGV[3])

local left, revoked_at, devices = read_uses(id)
if not left then
  return 'absent'
end
if revoked_at ~= '' then
  return 'revoked'
end
if without(devices, device) ~= devices then
  return 'taken'
end
if left == 0 then
  return 'used-up'
end
local _, remembered = string.gsub(devices, '\n', '')
if remembered >= most then
  devices = string.match(devices, '^\n[^\n]*(.*)$')
end
write_uses(id, left - 1, revoked_at, devices .. '\n' .. device)
return 'taken'
