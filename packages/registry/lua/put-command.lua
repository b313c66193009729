-- Writes a durable command before it is accepted.
-- KEYS as in commands.lua
-- ARGV[1] id, ARGV[2] priority: 0 is the most urgent, ARGV[3] bytes, ARGV[4] time to live (ms), ARGV[5] to be finished
-- within (ms), ARGV[6] collapse key, ARGV[7] idempotency key, ARGV[8] operation, ARGV[9] how many commands may be
-- unended, ARGV[10] how many bytes, ARGV[11] window, ARGV[12] for how many ms to keep what has ended
-- Returns { "known", then as `describe` }, { "full" }, or { "queued" or "routed", state, then as `session` }
local id, priority, bytes = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local ttl_ms, finish_ms, collapse_key, idempotency_key, operation = ARGV[4], ARGV[5], ARGV[6], ARGV[7], ARGV[8]
local max_commands, max_bytes, window, keep_ms = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12]

local now = now_ms()
settle(now)
local found = redis.call(
  'HMGET', commands_key, 'state:' .. id, 'known:' .. idempotency_key, 'waiting:' .. collapse_key, 'last', 'bytes',
  'kept'
)
if found[1] then
  return { 'known', unpack(describe(id)) }
end
if found[2] and idempotency_key ~= '' then
  return { 'known', unpack(describe(found[2])) }
end
local collapsed = found[3] and collapse_key ~= '' and read_state(found[3]) or nil

-- Who has to go for it; nothing is written before there is room.
local displaced = {}
local commands_after = redis.call('ZCARD', order_key) + 1 - (collapsed and 1 or 0)
local bytes_after = tonumber(found[5] or '0') + bytes - (collapsed and collapsed.bytes or 0)
if commands_after > max_commands or bytes_after > max_bytes then
  local waiting = list('queued', -1)
  for index = #waiting, 1, -1 do
    local state = read_state(waiting[index])
    if state.rank < (priority + 1) * of_priority then
      break
    end
    if not collapsed or state.id ~= collapsed.id then
      displaced[#displaced + 1] = state
      commands_after, bytes_after = commands_after - 1, bytes_after - state.bytes
    end
    if commands_after <= max_commands and bytes_after <= max_bytes then
      break
    end
  end
  if commands_after > max_commands or bytes_after > max_bytes then
    return { 'full' }
  end
end
if collapsed then
  end_command(collapsed, SUPERSEDED, 'command ' .. id .. ' with the same collapse key took its place', now)
end
for _, state in ipairs(displaced) do
  end_command(state, SUPERSEDED, 'the queue was full and the more urgent command ' .. id .. ' came', now)
end

local last = tonumber(found[4] or '0') + 1
local state = {
  id = id, stage = 'queued', outcome = QUEUED, rank = priority * of_priority + last, bytes = bytes, accepted = now,
  deliver = now + tonumber(ttl_ms), finish = now + tonumber(finish_ms), keep = tonumber(keep_ms), at = now, epoch = 0,
  routed = 0, delivered = 0, running = 0, open = 0, seen = 0, cancel = 0, node = '',
}
local at = session()
local is_alone = commands_after == 1 and not collapsed and #displaced == 0
if at[2] and (is_alone and 0 or count('on_its_way')) < window then
  local first = stages.queued * of_stage
  local goes_before = '(' .. whole(first + (priority + 1) * of_priority)
  if is_alone or redis.call('ZCOUNT', order_key, whole(first), goes_before) == 0 then
    state.stage, state.outcome, state.epoch, state.node = 'on_its_way', ROUTED, tonumber(at[1]), at[2]
    state.routed, state.open = now, 1
  end
end

-- A sorted set that was empty has lost its end, and what ended just now may have moved it.
local kept = tonumber(found[6] or '0')
local is_to_be_kept = commands_after == 1 or collapsed or #displaced > 0 or state.finish + state.keep > kept
kept = math.max(kept, state.finish + state.keep)

local text = format_state(state)
local fields = {
  'state:' .. id, text, 'operation:' .. id, operation, 'last', whole(last), 'bytes', whole(bytes_after),
  'kept', whole(kept),
}
if collapse_key ~= '' then
  fields[#fields + 1], fields[#fields + 2] = 'collapse:' .. id, collapse_key
  if state.stage == 'queued' then
    fields[#fields + 1], fields[#fields + 2] = 'waiting:' .. collapse_key, id
  end
end
if idempotency_key ~= '' then
  fields[#fields + 1], fields[#fields + 2] = 'idempotency:' .. id, idempotency_key
  fields[#fields + 1], fields[#fields + 2] = 'known:' .. idempotency_key, id
end
redis.call('HSET', commands_key, unpack(fields))
place(state)
if is_to_be_kept then
  for _, key in ipairs({ commands_key, order_key, due_key }) do
    redis.call('PEXPIREAT', key, whole(kept))
  end
end
return { state.stage == 'queued' and 'queued' or 'routed', text, unpack(at) }
