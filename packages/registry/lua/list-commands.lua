-- A device's commands that have not ended, in no particular order.
-- KEYS as in commands.lua
-- Returns for each as `describe`
settle(now_ms())
local reply = {}
for _, id in ipairs(redis.call('ZRANGE', order_key, 0, -1)) do
  reply[#reply + 1] = describe(id)
end
return reply
