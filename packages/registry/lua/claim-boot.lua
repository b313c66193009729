-- Claims what a life of a worker left behind, to clean it up, unless a push server that is not dead has such a worker.
-- KEYS[1] nodes           HASH push server -> its record, JSON
-- KEYS[2] node-states, see register-node.lua
-- KEYS[3] boot-claims     ZSET boot id by the time in ms, by the write clock, at which it was claimed last; those of the last day
-- KEYS[4] write-clock, see write-clock.lua
-- ARGV[1] boot id, ARGV[2] silence in ms that makes a push server dead
-- Returns 1, or 0 if the worker lives: nothing was written
local nodes_key, states_key, claims_key, clock_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local boot_id, dead_after_ms = ARGV[1], tonumber(ARGV[2])

local now = read_write_clock(clock_key, now_ms())
local records = redis.call('HGETALL', nodes_key)
for index = 1, #records, 2 do
  local seen_at = string.match(redis.call('HGET', states_key, records[index]), '%d+$')
  -- Few records name it: only those are worth decoding.
  if now - tonumber(seen_at) < dead_after_ms and string.find(records[index + 1], boot_id, 1, true) then
    for _, worker in ipairs(cjson.decode(records[index + 1]).workers) do
      if worker.bootId == boot_id then
        return 0
      end
    end
  end
end
redis.call('ZADD', claims_key, whole(now), boot_id)
redis.call('ZREMRANGEBYSCORE', claims_key, '-inf', whole(now - SESSION_MEMORY_MS))
return 1
