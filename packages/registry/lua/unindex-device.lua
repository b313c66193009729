-- Last step of a change of a device: takes it out of indexes where the newest change does not have it.
-- KEYS[1] device-groups  HASH device -> "revision group", then "label=value" on a line each, of the newest change; no
--         group: it is being deleted
-- KEYS[2..] indexes to leave, each a ZSET of devices
-- ARGV[1] device, ARGV[2] revision of this change
-- ARGV[3..] for each of the indexes: "=group" holds the devices of the group itself, "/group" those of its subgroups
-- too, "#label=value" those with the label, empty: all devices
-- Returns 1
local groups_key, first_index = KEYS[1], 2
local device, revision = ARGV[1], ARGV[2]
local first_scope = 3

local stored = redis.call('HGET', groups_key, device) or ''
local newest, group, labels = string.match(stored, '^(%d+) ([^\n]*)\n?(.*)$')

local function belongs(scope)
  if not group or group == '' then
    return false
  end
  local kind, name = string.sub(scope, 1, 1), string.sub(scope, 2)
  if kind == '#' then
    return string.find('\n' .. labels .. '\n', '\n' .. name .. '\n', 1, true) ~= nil
  end
  if scope == '' or group == name then
    return true
  end
  return kind == '/' and string.sub(group, 1, #name + 1) == name .. '/'
end

for index = first_index, #KEYS do
  if not belongs(ARGV[first_scope + index - first_index]) then
    redis.call('ZREM', KEYS[index], device)
  end
end
if group == '' and newest == revision then
  redis.call('HDEL', groups_key, device)
end
return 1
