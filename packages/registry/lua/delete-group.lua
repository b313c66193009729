-- Deletes a group, unless a subgroup or a scope uses it. Devices are not looked for: indexes may name too many.
-- KEYS[1] groups  ZSET of paths with score 0, KEYS[2] distribution-points  HASH id -> JSON
-- ARGV[1] path
-- Returns 1, or 0 if it is in use
local groups_key, points_key = KEYS[1], KEYS[2]
local path = ARGV[1]

-- "0" is the character that follows "/".
if #redis.call('ZRANGEBYLEX', groups_key, '[' .. path .. '/', '(' .. path .. '0', 'LIMIT', 0, 1) > 0 then
  return 0
end
for _, record in ipairs(redis.call('HVALS', points_key)) do
  for _, group in ipairs(cjson.decode(record).groups) do
    if group == path then
      return 0
    end
  end
end
redis.call('ZREM', groups_key, path)
return 1
