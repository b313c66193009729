-- The cursor after the last event.
-- KEYS[1] events STREAM, see heartbeat-delta.lua
-- Returns the id of the last entry; where there is none, of the one that stands before the first event
local events_key = KEYS[1]

local last = redis.call('XREVRANGE', events_key, '+', '-', 'COUNT', 1)[1]
return last and last[1] or redis.call('XADD', events_key, '*', 'event', '')
