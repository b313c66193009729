-- First step of a change of a device: gives the change its place in the order of changes, and finds the device from
-- now on in the indexes of its group and labels. See redis/devices.ts for the steps.
-- KEYS[1] device-groups  HASH device -> "revision group", then "label=value" on a line each, of the newest change; no
--         group: it is being deleted
-- KEYS[2..] indexes to be found in, each a ZSET of devices with score 0; none for a deletion
-- ARGV[1] device, ARGV[2] group, or empty for a deletion, ARGV[3] labels as "label=value", joined by newlines,
-- ARGV[4] the revision that the newest change must have, or empty: any
-- Returns { revision, the group that was indexed until now or empty, the labels that were }, or { '' } if the newest
-- change has another revision: nothing was written
local groups_key, first_index = KEYS[1], 2
local device, group, labels, expected = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local stored = redis.call('HGET', groups_key, device) or ''
local revision, indexed_group, indexed_labels = string.match(stored, '^(%d+) ([^\n]*)\n?(.*)$')
if expected ~= '' and revision ~= expected then
  return { '' }
end
-- At least the clock, as epochs are: it grows also where the memory of the device is gone. In microseconds, because
-- changes of one device follow one another within a millisecond, and the memory of a deleted one goes at once.
local time = redis.call('TIME')
local now_us = tonumber(time[1]) * 1000000 + tonumber(time[2])
revision = whole(math.max(tonumber(revision or '-1') + 1, now_us))
redis.call('HSET', groups_key, device, revision .. ' ' .. group .. (labels == '' and '' or '\n' .. labels))
for index = first_index, #KEYS do
  redis.call('ZADD', KEYS[index], 0, device)
end
return { revision, indexed_group or '', indexed_labels or '' }
