-- Asks whoever runs the rebalance to abort it.
-- KEYS[1] rebalance  HASH record, JSON; state; token of the lease under which it was written; start, abort: asked for
-- Returns 1, or 0 if none is running
local rebalance_key = KEYS[1]

if redis.call('HGET', rebalance_key, 'state') ~= 'running' then
  return 0
end
redis.call('HSET', rebalance_key, 'abort', 1)
return 1
