-- Writes a durable command before it is accepted.
-- KEYS as in generations.lua
-- ARGV[1] id; ARGV[2] packed: priority, 0 is the most urgent, bytes, time to live (ms), to be finished within (ms), how many
-- commands may be unended, how many bytes, window, for how many ms to keep what has ended; ARGV[3] collapse key,
-- ARGV[4] idempotency key, ARGV[5] operation, ARGV[6] what is kept of it once it has ended, empty: all, ARGV[7] fingerprint,
-- empty: none
-- Returns { "deleted" } if the device is, { "known", then as `describe` }, { "conflict", id of the known one }, { "full" }, or
-- { "queued" or "routed", now (ms), of the open session, on a line each, what `session` has of it; false if there is none }
local id, collapse_key, idempotency_key, operation, brief = ARGV[1], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local fingerprint = ARGV[7]
local priority, bytes, ttl_ms, finish_ms, max_commands, max_bytes, window, keep_ms = struct.unpack('<dddddddd', ARGV[2])

-- A device that is not known at all may have been lost with other data; whoever asks has looked for it.
local record = redis.call('HMGET', record_key, 'revision', 'group')
if record[1] and not record[2] then
  return { 'deleted' }
end

local now = now_ms()
local found = begin(now, 'state:' .. id, 'known:' .. idempotency_key, 'waiting:' .. collapse_key)

local function answer_known(known)
  local before = redis.call('HGET', commands_key, 'fingerprint:' .. known)
  if before and fingerprint ~= '' and before ~= fingerprint then
    return { 'conflict', known }
  end
  return { 'known', unpack(describe(known)) }
end

if found[2] then
  return answer_known(id)
end
if found[3] and idempotency_key ~= '' then
  return answer_known(found[3])
end
local collapsed = found[4] and collapse_key ~= '' and read_state(found[4]) or nil

-- Who has to go for it; nothing is written before there is room.
local displaced = {}
local commands_after = unended() + 1 - (collapsed and 1 or 0)
local bytes_after = totals.bytes + bytes - (collapsed and collapsed.bytes or 0)
if commands_after > max_commands or bytes_after > max_bytes then
  local waiting = list(STAGE_QUEUED, -1)
  for index = #waiting, 1, -1 do
    local state = read_state(waiting[index])
    if state.rank < (priority + 1) * PRIORITY_SPAN then
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
  end_command(collapsed, OUTCOME_SUPERSEDED, string.format(REASON_COLLAPSED, id), now)
end
for _, state in ipairs(displaced) do
  end_command(state, OUTCOME_SUPERSEDED, string.format(REASON_DISPLACED, id), now)
end

totals.last, totals.bytes = totals.last + 1, totals.bytes + bytes
local state = {
  id = id, outcome = OUTCOME_QUEUED, rank = priority * PRIORITY_SPAN + totals.last, bytes = bytes, accepted = now,
  deliver_by = now + ttl_ms, finish_by = now + finish_ms, keep_ms = keep_ms, at = now, epoch = 0,
  routed = 0, delivered = 0, running = 0, unconfirmed = 0, maybe_sent = 0, cancel = 0, node = '',
}

local function none_goes_before()
  if totals[STAGE_QUEUED] == 0 then
    return true
  end
  local first = STAGE_QUEUED * STAGE_SPAN
  return redis.call('ZCOUNT', order_key, first, '(' .. whole(first + (priority + 1) * PRIORITY_SPAN)) == 0
end

local at = session()
local is_routed = at[2] and totals[STAGE_IN_FLIGHT] < window and none_goes_before()
if is_routed then
  state.outcome, state.epoch, state.node, state.routed = OUTCOME_ROUTED, tonumber(at[1]), at[2], now
  state.unconfirmed = 1
end
move(state, is_routed and STAGE_IN_FLIGHT or STAGE_QUEUED)
write_state(state)
set('operation:' .. id, operation)
if brief ~= '' then
  set('brief:' .. id, brief)
end
if collapse_key ~= '' then
  set('collapse:' .. id, collapse_key)
  if not is_routed then
    set('waiting:' .. collapse_key, id)
  end
end
if idempotency_key ~= '' then
  set('idempotency:' .. id, idempotency_key)
  set('known:' .. idempotency_key, id)
end
if fingerprint ~= '' then
  set('fingerprint:' .. id, fingerprint)
end
save_with_new(state)
return { is_routed and 'routed' or 'queued', now, at[2] and table.concat(at, '\n') }
