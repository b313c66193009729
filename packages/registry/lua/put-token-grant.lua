-- Keeps a grant, forgets those that have ended, and ends the oldest of too many.
-- KEYS[1] grants of one kind  HASH hash of the secret -> see token-grants.lua
-- KEYS[2] write-clock, see write-clock.lua
-- ARGV[1] hash, ARGV[2] name of the token, ARGV[3] proof of the token, ARGV[4] idle time in ms, ARGV[5] lifetime in ms,
-- ARGV[6] how many there may be for one token, ARGV[7] and in all
-- Returns 1
local grants_key = KEYS[1]
local hash, token, proof, idle_ms, lifetime_ms = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local most_of_token, most = tonumber(ARGV[6]), tonumber(ARGV[7])

local now = set_write_clock(KEYS[2], now_ms())
local live, order = {}, 0
local stored = redis.call('HGETALL', grants_key)
for at = 1, #stored, 2 do
  local grant = cjson.decode(stored[at + 1])
  order = math.max(order, grant.order)
  if grant.idleEndsAt > now then
    live[#live + 1] = { hash = stored[at], order = grant.order, token = grant.token }
  else
    redis.call('HDEL', grants_key, stored[at])
  end
end
table.sort(live, function(a, b) return a.order > b.order end)
local kept, kept_of_token = 1, 1
for _, grant in ipairs(live) do
  local is_of_token = grant.token == token
  if kept >= most or (is_of_token and kept_of_token >= most_of_token) then
    redis.call('HDEL', grants_key, grant.hash)
  else
    kept = kept + 1
    kept_of_token = kept_of_token + (is_of_token and 1 or 0)
  end
end
local grant = { order = order + 1, token = token, proof = proof, idleEndsAt = now + idle_ms, endsAt = now + lifetime_ms }
redis.call('HSET', grants_key, hash, cjson.encode(grant))
return 1
