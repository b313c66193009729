-- Boot ids of workers that hold devices, although no push server that is not dead has such a worker.
-- KEYS[1] nodes           HASH push server -> its record, JSON
-- KEYS[2] node-states, see register-node.lua
-- KEYS[3] boots-with-devices  SET of the boot ids that hold devices
-- KEYS[4] write-clock, see write-clock.lua
-- ARGV[1] silence in ms that makes a push server dead
-- Returns { boot ids }
local nodes_key, states_key, boots_key = KEYS[1], KEYS[2], KEYS[3]
local dead_after_ms = tonumber(ARGV[1])

local now = read_write_clock(KEYS[4], now_ms())
local living = {}
local records = redis.call('HGETALL', nodes_key)
for index = 1, #records, 2 do
  local seen_at = string.match(redis.call('HGET', states_key, records[index]), '%d+$')
  if now - tonumber(seen_at) < dead_after_ms then
    for _, worker in ipairs(cjson.decode(records[index + 1]).workers) do
      living[worker.bootId] = true
    end
  end
end

local orphaned = {}
for _, boot_id in ipairs(redis.call('SMEMBERS', boots_key)) do
  if not living[boot_id] then
    orphaned[#orphaned + 1] = boot_id
  end
end
return orphaned
