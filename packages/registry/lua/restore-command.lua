-- Writes a durable command again that was confirmed, where it is missing, or its end is.
-- KEYS as in generations.lua
-- ARGV[1] id; ARGV[2] packed: priority, 0 is the most urgent, bytes, when it was accepted, is to be delivered by, and to be finished
-- by (ms), for how many ms to keep what has ended, outcome, 0: it has not ended, since when (ms), when it was routed,
-- delivered and began to run (ms, 0: never), 1 if it is to be cancelled; ARGV[3] collapse key, ARGV[4] idempotency key,
-- ARGV[5] operation, ARGV[6] what is kept of it once it has ended, empty: all, ARGV[7] fingerprint, ARGV[8] push server, ARGV[9] reason,
-- ARGV[10] statistics, ARGV[11] 1 if the task had ended before, ARGV[12] output. What is empty is absent.
-- Returns 1 if anything changed
local id, collapse_key, idempotency_key, operation, brief = ARGV[1], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local fingerprint, node, reason = ARGV[7], ARGV[8], ARGV[9]
local priority, bytes, accepted, deliver_by, finish_by, keep_ms, outcome, at, routed, delivered, running, cancel =
  struct.unpack('<dddddddddddd', ARGV[2])
local has_ended = outcome > 0

local record = redis.call('HMGET', record_key, 'revision', 'group')
if record[1] and not record[2] then
  return 0
end

local now = now_ms()
local found = begin(now, 'state:' .. id, 'known:' .. idempotency_key, 'waiting:' .. collapse_key)

local function add(name, value)
  if value ~= '' then
    set(name .. ':' .. id, value)
  end
end

local function end_as_it_did(state)
  end_command(state, outcome, reason, at)
  if state.running > 0 then
    redis.call('HDEL', commands_key, 'progress:' .. id)
  end
  add('statistics', ARGV[10])
  add('ended-before', ARGV[11])
  add('output', ARGV[12])
end

local known = parse_state(id, found[2])
if known then
  if not has_ended or known.stage == STAGE_ENDED then
    return 0
  end
  end_as_it_did(known)
  save()
  return 1
end

local older = found[4] and collapse_key ~= '' and read_state(found[4])
if older and older.accepted <= accepted then
  end_command(older, OUTCOME_SUPERSEDED, string.format(REASON_COLLAPSED, id), now)
end

totals.last, totals.bytes = totals.last + 1, totals.bytes + bytes
-- Where a session had it, it has it no longer: that of the device is to take it.
local state = {
  id = id, outcome = OUTCOME_ROUTED, rank = priority * PRIORITY_SPAN + totals.last, bytes = bytes, accepted = accepted,
  deliver_by = deliver_by, finish_by = finish_by, keep_ms = keep_ms, at = routed, epoch = 0,
  routed = routed, delivered = delivered, running = running, unconfirmed = 1, maybe_sent = 1, cancel = cancel, node = node,
}
move(state, STAGE_IN_FLIGHT)
write_state(state)
set('operation:' .. id, operation)
add('brief', brief)
add('collapse', collapse_key)
add('fingerprint', fingerprint)
-- Whoever has asked again since has the key.
if idempotency_key ~= '' and not found[3] then
  add('idempotency', idempotency_key)
  set('known:' .. idempotency_key, id)
end
if cancel == 1 then
  add('reason', reason)
end
flush()
if has_ended then
  end_as_it_did(state)
end
lapse(state, now)
save_with_new(state)
return 1
