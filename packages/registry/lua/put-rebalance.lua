-- Writes the last rebalance, and forgets what was asked for and is thereby answered.
-- KEYS[1] rebalance  HASH record, JSON; state; token of the lease under which it was written; start, abort: asked for
-- ARGV[1] record, ARGV[2] its state, ARGV[3] lease token
-- Returns 1, or 0 if somebody with a greater token has written before
local rebalance_key = KEYS[1]
local record, state, token = ARGV[1], ARGV[2], ARGV[3]

if tonumber(redis.call('HGET', rebalance_key, 'token') or '-1') > tonumber(token) then
  return 0
end
redis.call('HSET', rebalance_key, 'record', record, 'state', state, 'token', token)
redis.call('HDEL', rebalance_key, 'start')
if state ~= 'running' then
  redis.call('HDEL', rebalance_key, 'abort')
end
return 1
