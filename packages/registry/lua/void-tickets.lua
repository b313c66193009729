-- Ends a device's session, and lets no earlier ticket open another one.
-- KEYS as in generations.lua
-- Returns { generation, what `session` had of the session }, or { '' } if there is no such device
if redis.call('HEXISTS', record_key, 'group') == 0 then
  return { '' }
end
local generation = void_tickets(now_ms())
copy_tickets(record_key, tickets_key)
return { generation, unpack(end_session()) }
