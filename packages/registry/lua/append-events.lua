-- Appends events.
-- KEYS[1] events STREAM, see heartbeat-delta.lua
-- ARGV[1..] events, JSON
-- Returns 1
local events_key, first_event = KEYS[1], 1

append_events(events_key, ARGV, first_event)
return 1
