-- Stands in front of the scripts that read or write what was used of enrollment tokens (redis/scripts.ts puts it there).
-- KEYS[1] uses  HASH id of the token -> "left revoked-at", the latter empty or in Unix milliseconds, then the devices on a line
--         each whose registrations have been counted and may not have been written yet, the first one first
local uses_key = KEYS[1]

-- Returns what is left as a number, when it was revoked or empty, and the devices, each behind a newline; or nil.
local function read_uses(id)
  local stored = redis.call('HGET', uses_key, id)
  if not stored then
    return nil
  end
  local left, revoked_at, devices = string.match(stored, '^(%d+) (%d*)(.*)$')
  return tonumber(left), revoked_at, devices
end

local function write_uses(id, left, revoked_at, devices)
  redis.call('HSET', uses_key, id, whole(left) .. ' ' .. revoked_at .. devices)
end

-- The devices without this one.
local function without(devices, device)
  local from = string.find(devices .. '\n', '\n' .. device .. '\n', 1, true)
  if not from then
    return devices
  end
  return string.sub(devices, 1, from - 1) .. string.sub(devices, from + #device + 1)
end
