-- Second step of a change of a device: writes or deletes its record, unless a later change has.
-- KEYS[1] record  HASH revision, group, secret (its hash), and where there are any: labels ("label=value", joined by
--         newlines), links (joined by commas); a deleted one keeps its revision for a while
-- ARGV[1] revision, ARGV[2] group, or empty for a deletion, ARGV[3] hash of the secret, ARGV[4] labels, ARGV[5] links,
-- ARGV[6] the revision that the change was made from, or empty: any
-- ARGV[7] for how many ms to remember the revision of a deletion
-- Returns { 1, the group of the record until now or empty, its labels }, or { 0 } if another change was here
local record_key = KEYS[1]
local revision, group, secret_hash, labels, links = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local expected, memory_ms = ARGV[6], ARGV[7]

local stored = redis.call('HMGET', record_key, 'revision', 'group', 'labels')
if tonumber(stored[1] or '-1') > tonumber(revision) or (expected ~= '' and stored[1] ~= expected) then
  return { 0 }
end
redis.call('HDEL', record_key, 'group', 'secret', 'labels', 'links')
redis.call('HSET', record_key, 'revision', revision)
if group == '' then
  redis.call('PEXPIRE', record_key, memory_ms)
else
  redis.call('HSET', record_key, 'group', group, 'secret', secret_hash)
  if labels ~= '' then
    redis.call('HSET', record_key, 'labels', labels)
  end
  if links ~= '' then
    redis.call('HSET', record_key, 'links', links)
  end
  redis.call('PERSIST', record_key)
end
return { 1, stored[2] or '', stored[3] or '' }
