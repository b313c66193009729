-- Applies what a worker knows of a command.
-- KEYS as in commands.lua
-- ARGV[1] id, ARGV[2] window, ARGV[3] kind, then
-- "delivered"; "running": progress, statistics; "released": epoch; "attempt-failed": epoch, weight, 1 if it was alone,
-- reason; "ended": outcome, reason, statistics, 1 if the task had ended before, output. What is empty is absent.
-- Returns { "applied", "stale" or "unknown", 1 if `take` has something, then as `describe_status` where it is stale, was
-- released, or an attempt failed }
local id, window, kind = ARGV[1], tonumber(ARGV[2]), ARGV[3]

local function add(name, value)
  if value ~= '' then
    set(name .. ':' .. id, value)
  end
end

local function change(state, outcome, now)
  state.outcome, state.at = outcome, now
  if state.stage ~= STAGE_TAKEN then
    if state.stage == STAGE_QUEUED then
      leave_queue(state)
    end
    move(state, STAGE_TAKEN)
  end
end

-- Each returns whether it says something new, and whether `take` has the command again.
local apply = {}

function apply.delivered(state, now)
  local is_new = not is_confirmed(state)
  if is_new then
    change(state, OUTCOME_DELIVERED, now)
    state.delivered = now
  elseif state.unconfirmed == 0 then
    return false
  end
  state.unconfirmed = 0
  write_state(state)
  return is_new
end

function apply.running(state, now)
  if not is_confirmed(state) then
    state.delivered = now
  end
  if state.outcome ~= OUTCOME_RUNNING then
    change(state, OUTCOME_RUNNING, now)
    state.running = now
  end
  state.unconfirmed = 0
  write_state(state)
  add('progress', ARGV[4])
  add('statistics', ARGV[5])
  return true
end

function apply.ended(state, now)
  end_command(state, tonumber(ARGV[4]), ARGV[5], now)
  if state.running > 0 then
    redis.call('HDEL', commands_key, 'progress:' .. id)
  end
  add('statistics', ARGV[6])
  add('ended-before', ARGV[7])
  add('output', ARGV[8])
  return true
end

-- The session never sent it, and never will. What an earlier session may have sent is not QUEUED again, because it could
-- then end as one that was never sent; it goes to whoever takes next all the same.
function apply.released(state, now)
  if state.stage == STAGE_QUEUED or state.epoch ~= tonumber(ARGV[4]) or state.unconfirmed == 0 then
    return false
  end
  if state.maybe_sent == 1 then
    state.epoch = 0
    write_state(state)
    return true, true
  end
  if state.cancel == 1 then
    end_command(state, OUTCOME_CANCELLED, redis.call('HGET', commands_key, 'reason:' .. id) or '', now)
    return true
  end
  if state.deliver_by <= now then
    end_command(state, OUTCOME_EXPIRED, REASON_EXPIRED, now)
    return true
  end
  local key = redis.call('HGET', commands_key, 'collapse:' .. id)
  local newer = key and redis.call('HGET', commands_key, 'waiting:' .. key)
  if newer then
    end_command(state, OUTCOME_SUPERSEDED, string.format(REASON_COLLAPSED, newer), now)
    return true
  end
  if key then
    set('waiting:' .. key, id)
  end
  -- Nobody has tried to send it.
  redis.call('HDEL', commands_key, 'attempts:' .. id)
  state.outcome, state.at, state.epoch, state.unconfirmed, state.routed = OUTCOME_QUEUED, now, 0, 0, 0
  move(state, STAGE_QUEUED)
  write_state(state)
  return true
end

-- It steps back; or, the weight of the failed attempts being enough, it ends. `failAttempt` in command-state.ts does the same.
apply['attempt-failed'] = function(state, now)
  local epoch, weight, alone, reason = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6] == '1', ARGV[7]
  if state.stage == STAGE_QUEUED or state.epoch > epoch and state.unconfirmed == 0 then
    return false
  end
  local before, last = 0, 0
  local attempts = redis.call('HGET', commands_key, 'attempts:' .. id)
  if attempts then
    before, last = struct.unpack('<dd', attempts)
  end
  if last >= epoch then
    return false
  end
  if alone and before + weight >= ATTEMPT_WEIGHT_LIMIT then
    end_command(state, is_confirmed(state) and OUTCOME_UNKNOWN or OUTCOME_REJECTED, reason, now)
    if state.running > 0 then
      redis.call('HDEL', commands_key, 'progress:' .. id)
    end
    return true
  end
  set('attempts:' .. id, struct.pack('<dd', before + weight, epoch))
  if state.stage == STAGE_IN_FLIGHT then
    move(state, STAGE_TAKEN)
    write_state(state)
  end
  return true
end

local now = now_ms()
local state = parse_state(id, begin(now, 'state:' .. id)[2])
if not state then
  return { 'unknown', has_more(window) }
end
local is_applied, is_to_be_taken = false, false
if state.stage ~= STAGE_ENDED then
  is_applied, is_to_be_taken = apply[kind](state, now)
  save()
end
local verdict, more = is_applied and 'applied' or 'stale', is_to_be_taken and 1 or has_more(window)
if is_applied and kind ~= 'released' and kind ~= 'attempt-failed' then
  return { verdict, more }
end
return { verdict, more, unpack(describe_status(id)) }
