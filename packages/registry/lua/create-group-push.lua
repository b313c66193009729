-- Writes a new group push, which is forgotten soon unless it is kept on purpose: nobody knows of it yet.
-- KEYS[1] push  HASH record (JSON), operation (protobuf), desired-state, token of the last lease
-- ARGV[1] record, ARGV[2] operation, ARGV[3] for how many ms to keep it
-- Returns 1, or 0 if there is one with this id
local push_key = KEYS[1]
local record, operation, keep_ms = ARGV[1], ARGV[2], ARGV[3]

if redis.call('EXISTS', push_key) == 1 then
  return 0
end
redis.call('HSET', push_key, 'record', record, 'operation', operation, 'desired-state', 'running', 'token', '-1')
redis.call('PEXPIRE', push_key, keep_ms)
return 1
