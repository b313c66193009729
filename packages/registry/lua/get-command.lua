-- Reads a command.
-- KEYS as in commands.lua
-- ARGV[1] id
-- Returns as `describe`; without a state: there is none
begin(now_ms())
return describe(ARGV[1])
