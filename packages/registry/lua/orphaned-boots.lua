-- Boot ids of workers that hold devices, although no push server that is not dead has such a worker.
-- KEYS[1] nodes           HASH push server -> its record, JSON
-- KEYS[2] node-states, see register-node.lua
-- KEYS[3] boots-with-devices  SET of the boot ids that hold devices
-- KEYS[4] write-clock, see write-clock.lua
-- ARGV[1] silence in ms that makes a push server dead
-- Returns { boot ids }
local nodes_key, states_key, boots_key = KEYS[1], KEYS[2], KEYS[3]
local dead_after_ms = tonumber(ARGV[1])

local living = living_workers(nodes_key, states_key, read_write_clock(KEYS[4], now_ms()), dead_after_ms)
local orphaned = {}
for _, boot_id in ipairs(redis.call('SMEMBERS', boots_key)) do
  if not living[boot_id] then
    orphaned[#orphaned + 1] = boot_id
  end
end
return orphaned
