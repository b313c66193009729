-- Takes group pushes that are gone off the fleet's lists.
-- KEYS[1] pushes  ZSET id by the time in ms at which it started, KEYS[2] active  SET of ids,
-- KEYS[3] keys  HASH key:<idempotency key> -> id, id:<id> -> idempotency key
-- ARGV ids
local pushes_key, active_key, keys_key = KEYS[1], KEYS[2], KEYS[3]

for _, id in ipairs(ARGV) do
  local idempotency_key = redis.call('HGET', keys_key, 'id:' .. id)
  if idempotency_key then
    redis.call('HDEL', keys_key, 'id:' .. id)
    if redis.call('HGET', keys_key, 'key:' .. idempotency_key) == id then
      redis.call('HDEL', keys_key, 'key:' .. idempotency_key)
    end
  end
  redis.call('ZREM', pushes_key, id)
  redis.call('SREM', active_key, id)
end
