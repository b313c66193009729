-- Ends a device's session, and lets no earlier ticket open another one.
-- KEYS as in generations.lua
-- Returns { generation, what `session` had of the session }, or { '' } if there is no such device
if redis.call('HEXISTS', record_key, 'group') == 0 then
  return { '' }
end
return { void_tickets(now_ms()), unpack(end_session()) }
