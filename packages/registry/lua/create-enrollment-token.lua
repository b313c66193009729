-- Writes an enrollment token, unless there are too many.
-- KEYS[1] enrollment tokens  HASH id -> record, JSON
-- KEYS[2] their uses, see enrollment-tokens.lua
-- ARGV[1] id, ARGV[2] record, ARGV[3] how many devices may register, ARGV[4] how many tokens there may be,
-- ARGV[5..] ids of tokens that are removed first
-- Returns "created" or "full"
local tokens_key, token_uses_key = KEYS[1], KEYS[2]
local id, record, left, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

for at = 5, #ARGV do
  redis.call('HDEL', tokens_key, ARGV[at])
  redis.call('HDEL', token_uses_key, ARGV[at])
end
if redis.call('HLEN', tokens_key) >= most then
  return 'full'
end
redis.call('HSET', tokens_key, id, record)
redis.call('HSET', token_uses_key, id, left .. ' ')
return 'created'
