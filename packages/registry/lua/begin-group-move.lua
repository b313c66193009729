-- Begins the move of a group: keeps where it is going, and creates the new path of it and of each of its subgroups.
-- KEYS[1] groups  ZSET of paths with score 0, KEYS[2] group-moves  HASH path -> new path
-- ARGV[1] path, ARGV[2] new path, ARGV[3..] the new path and those above it
-- Returns "begun", also if it had begun before; "absent", "taken" or "busy", see GroupMoveStart in fleet.ts
local groups_key, moves_key = KEYS[1], KEYS[2]
local path, new_path, first_new = ARGV[1], ARGV[2], 3

local known = redis.call('HGET', moves_key, path)
if known then
  return known == new_path and 'begun' or 'busy'
end
if not redis.call('ZSCORE', groups_key, path) then
  return 'absent'
end
if redis.call('ZSCORE', groups_key, new_path) then
  return 'taken'
end
redis.call('HSET', moves_key, path, new_path)
-- "0" is the character that follows "/".
local subgroups = redis.call('ZRANGEBYLEX', groups_key, '[' .. path .. '/', '(' .. path .. '0')
for index = first_new, #ARGV do
  redis.call('ZADD', groups_key, 0, ARGV[index])
end
for _, subgroup in ipairs(subgroups) do
  redis.call('ZADD', groups_key, 0, new_path .. string.sub(subgroup, #path + 1))
end
return 'begun'
