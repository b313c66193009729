-- A device's commands that have not ended, in the order in which they are sent; taken ones first.
-- KEYS as in commands.lua
-- Returns for each as `describe`
begin(now_ms())

local found = redis.call('ZRANGEBYSCORE', order_key, '-inf', '(' .. whole(STAGE_ENDED * STAGE_SPAN), 'WITHSCORES')
local listed = {}
for index = 1, #found, 2 do
  local score = tonumber(found[index + 1])
  -- In flight or confirmed makes no difference here.
  local is_queued = score >= STAGE_QUEUED * STAGE_SPAN
  listed[#listed + 1] = { id = found[index], rank = is_queued and score or score % STAGE_SPAN }
end
table.sort(listed, function(a, b)
  return a.rank < b.rank
end)

local reply = {}
for index, command in ipairs(listed) do
  reply[index] = describe(command.id)
end
return reply
