-- Second step of a change of a device: writes or deletes its record, unless a later change has.
-- KEYS[1] record  HASH revision, group, secret (its hash); a deleted one keeps its revision for a while
-- ARGV[1] revision, ARGV[2] group, or empty for a deletion, ARGV[3] hash of the secret,
-- ARGV[4] for how many ms to remember the revision of a deletion
-- Returns { 1, the group of the record until now or empty }, or { 0 } if a later change was here
local record_key = KEYS[1]
local revision, group, secret_hash, memory_ms = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local stored = redis.call('HMGET', record_key, 'revision', 'group')
if tonumber(stored[1] or '-1') > tonumber(revision) then
  return { 0 }
end
if group == '' then
  redis.call('HDEL', record_key, 'group', 'secret')
  redis.call('HSET', record_key, 'revision', revision)
  redis.call('PEXPIRE', record_key, memory_ms)
else
  redis.call('HSET', record_key, 'revision', revision, 'group', group, 'secret', secret_hash)
  redis.call('PERSIST', record_key)
end
return { 1, stored[2] or '' }
