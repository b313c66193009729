-- Stands in front of the scripts that ask which workers live (redis/scripts.ts puts it there).

-- The boot ids of all workers that push servers announce which are not dead, as fields. `nodes_key` and `states_key` name nodes and
-- node-states, see register-node.lua; `now` is by the write clock.
local function living_workers(nodes_key, states_key, now, dead_after_ms)
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
  return living
end
