-- Second step of a change of a device: writes or deletes its record, unless a later change has. With another secret, and
-- with a deletion, its session ends and its tickets are void; a deletion also ends its commands, and forgets those that had
-- ended.
-- KEYS as in generations.lua
-- KEYS[5] record  HASH revision, group, secret (its hash), generation, and where there are any: valid_from, labels
--         ("label=value", joined by newlines), links (joined by commas); a deleted one keeps its revision, its generation
--         and valid_from for a while
-- ARGV[1] revision, ARGV[2] group, or empty for a deletion, ARGV[3] hash of the secret, ARGV[4] labels, ARGV[5] links,
-- ARGV[6] the revision that the change was made from, "none" where there must be no device, or empty: any
-- Returns { 1, the group of the record until now or empty, its labels, empty or the generation before which tickets are
-- void by it, what `session` had of the session that has ended with them }, or { 0 } if another change was here
local revision, group, secret_hash, labels, links = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local expected = ARGV[6]

local now = now_ms()
local stored = redis.call('HMGET', record_key, 'revision', 'group', 'labels', 'secret')
local function is_expected()
  if expected == 'none' then
    return not stored[2]
  end
  return expected == '' or stored[1] == expected
end
if tonumber(stored[1] or '-1') > tonumber(revision) or not is_expected() then
  return { 0 }
end

-- A command that was taken may have been sent. Nobody finds the ended ones by the keys that they came with.
local function end_commands()
  begin(now)
  for _, id in ipairs(list(STAGE_ENDED, -1)) do
    forget(id)
  end
  for _, stage in ipairs({ STAGE_TAKEN, STAGE_IN_FLIGHT, STAGE_QUEUED }) do
    for _, state in ipairs(states_of(list(stage, -1))) do
      local key = redis.call('HGET', commands_key, 'idempotency:' .. state.id)
      if key then
        redis.call('HDEL', commands_key, 'known:' .. key, 'idempotency:' .. state.id)
      end
      if stage == STAGE_QUEUED then
        end_command(state, OUTCOME_CANCELLED, REASON_DELETED_QUEUED, now)
      else
        end_command(state, OUTCOME_UNKNOWN, REASON_DELETED_TAKEN, now)
      end
    end
  end
  save()
end

local is_deleted = group == ''
local generation, ended = '', {}
if is_deleted or stored[4] and stored[4] ~= secret_hash then
  generation, ended = void_tickets(now), end_session()
elseif not stored[4] then
  -- A new device. If it is one that the registry has lost, its session and its tickets stay good.
  redis.call('HSET', record_key, 'generation', next_generation(now))
end
redis.call('HDEL', record_key, 'group', 'secret', 'labels', 'links')
redis.call('HSET', record_key, 'revision', revision)
if is_deleted then
  end_commands()
  redis.call('HDEL', session_key, 'moves')
  redis.call('PEXPIRE', record_key, DELETION_MEMORY_MS)
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
copy_tickets(record_key, tickets_key)
return { 1, stored[2] or '', stored[3] or '', generation, unpack(ended) }
