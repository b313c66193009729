-- Puts a group push on the fleet's lists.
-- KEYS[1] pushes  ZSET id by the time in ms at which it started, KEYS[2] active  SET of ids,
-- KEYS[3] keys  HASH key:<idempotency key> -> id, id:<id> -> idempotency key
-- ARGV[1] id, ARGV[2] start (ms), ARGV[3] idempotency key, ARGV[4] id of one that is gone and had the key
-- Returns the id of another one that has the key, and nothing was written, or else its own
local pushes_key, active_key, keys_key = KEYS[1], KEYS[2], KEYS[3]
local id, started, idempotency_key, gone = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

if idempotency_key ~= '' then
  local known = redis.call('HGET', keys_key, 'key:' .. idempotency_key)
  if known and known ~= id and known ~= gone then
    return known
  end
  redis.call('HSET', keys_key, 'key:' .. idempotency_key, id, 'id:' .. id, idempotency_key)
end
redis.call('ZADD', pushes_key, started, id)
redis.call('SADD', active_key, id)
return id
