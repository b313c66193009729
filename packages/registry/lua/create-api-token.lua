-- Writes an API token, unless its name is taken or there are too many.
-- KEYS[1] API tokens  HASH name -> record, JSON
-- ARGV[1] name, ARGV[2] record, ARGV[3] how many there may be
-- Returns "created", "name-taken" or "full"
local api_tokens_key = KEYS[1]
local name, record, most = ARGV[1], ARGV[2], tonumber(ARGV[3])

if redis.call('HEXISTS', api_tokens_key, name) == 1 then
  return 'name-taken'
end
if redis.call('HLEN', api_tokens_key) >= most then
  return 'full'
end
redis.call('HSET', api_tokens_key, name, record)
return 'created'
