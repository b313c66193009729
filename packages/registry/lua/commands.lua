-- Stands in front of the scripts about one device's commands (redis/scripts.ts puts it there, after reservations.lua,
-- whose `now_ms` and `batch_size` it uses). command-state.ts has the same rules for the embedded registry.
-- KEYS[1] session   HASH epoch, and while it is open: node, worker, boot, link, opened (ms)
-- KEYS[2] commands  HASH of all that is kept of the device's commands:
--                     totals            what is true of all of them, packed
--                     state:<id>        the fields of a state, packed
--                     operation:<id>, output:<id>  bytes
--                     brief:<id>        what is kept of a large operation once it has ended
--                     collapse:<id>, idempotency:<id>, reason:<id>, progress:<id>, statistics:<id>, ended-before:<id>,
--                     where there are any; fingerprint:<id>  what its caller asked for, where that is to be compared
--                     attempts:<id>     weight of the failed attempts to send it, the epoch of the last of them
--                     waiting:<collapse key>  id of the one that waits with it
--                     known:<idempotency key>  id
-- KEYS[3] order     ZSET of all: those that have not ended by stage, priority and sequence number; behind them those that have
-- KEYS[4] due       ZSET of all, by the time in ms at which time alone changes them
-- Numbers go to `redis.call` as they are: Redis writes whole ones with all their digits, Lua does not.
local session_key, commands_key, order_key, due_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- Scores in the order: stage, then priority, then sequence number; of what has ended stage, then the time until which it
-- is kept. All sums are whole numbers that a double holds exactly.
-- STAGE_IN_FLIGHT: unconfirmed, not past the time by which to be delivered, and no attempt to send it has failed; these
-- fill the window. STAGE_TAKEN: all others that were taken and have not ended.

local function parse_state(id, packed)
  if not packed then
    return nil
  end
  local state = unpack_state(packed)
  state.id = id
  return state
end

local function read_state(id)
  return parse_state(id, redis.call('HGET', commands_key, 'state:' .. id))
end

-- last: the sequence number that was given last; bytes: of all that have not ended; kept: the time in ms until which the
-- keys are kept; due: no later than the first score in the order of due times; then how many there are in each stage.
local totals_format = '<dddddddd'
local totals

local function read_totals(packed)
  if not packed then
    totals = {
      last = 0, bytes = 0, kept = 0, due = math.huge,
      [STAGE_TAKEN] = 0, [STAGE_IN_FLIGHT] = 0, [STAGE_QUEUED] = 0, [STAGE_ENDED] = 0,
    }
    return
  end
  local last, bytes, kept, due, taken, in_flight, queued, ended = struct.unpack(totals_format, packed)
  totals = {
    last = last, bytes = bytes, kept = kept, due = due,
    [STAGE_TAKEN] = taken, [STAGE_IN_FLIGHT] = in_flight, [STAGE_QUEUED] = queued, [STAGE_ENDED] = ended,
  }
end

local function unended()
  return totals[STAGE_TAKEN] + totals[STAGE_IN_FLIGHT] + totals[STAGE_QUEUED]
end

-- Fields that are to be set, each with its value: they are written together. None of them is read before.
local fields, is_changed = {}, false

local function set(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
  is_changed = true
end

local function flush()
  for from = 1, #fields, batch_size do
    redis.call('HSET', commands_key, unpack(fields, from, math.min(from + batch_size - 1, #fields)))
  end
  fields = {}
end

-- Comes last, wherever something may have changed.
local function save()
  if not is_changed then
    return
  end
  is_changed = false
  if unended() + totals[STAGE_ENDED] == 0 then
    redis.call('DEL', commands_key)
    return read_totals(nil)
  end
  fields[#fields + 1] = 'totals'
  fields[#fields + 1] = struct.pack(
    totals_format, totals.last, totals.bytes, totals.kept, totals.due, totals[STAGE_TAKEN], totals[STAGE_IN_FLIGHT],
    totals[STAGE_QUEUED], totals[STAGE_ENDED]
  )
  flush()
end

-- Beyond what is needed, so that the next commands need not give the keys a later end.
local keep_longer_ms = 600000

-- The keys live and end together; comes after all of them are written.
local function keep_until(time)
  redis.call('PEXPIREAT', commands_key, time)
  redis.call('PEXPIREAT', order_key, time)
  redis.call('PEXPIREAT', due_key, time)
end

-- The same as `save`, where a command was added.
local function save_with_new(state)
  local kept = state.finish_by + state.keep_ms
  local is_to_be_kept = kept > totals.kept
  if is_to_be_kept then
    totals.kept = kept + keep_longer_ms
  end
  save()
  if is_to_be_kept then
    keep_until(totals.kept)
  end
end

local function due_time(state)
  if state.stage == STAGE_ENDED then
    return state.at + state.keep_ms
  end
  return state.stage == STAGE_TAKEN and state.finish_by or state.deliver_by
end

local function write_state(state)
  set('state:' .. state.id, pack_state(state))
end

-- Its place in the order and what time does to it follow the stage. A new one comes without a stage.
local function move(state, stage)
  if state.stage then
    totals[state.stage] = totals[state.stage] - 1
  end
  totals[stage] = totals[stage] + 1
  state.stage = stage
  local due = due_time(state)
  redis.call('ZADD', order_key, stage * STAGE_SPAN + (stage == STAGE_ENDED and due or state.rank), state.id)
  redis.call('ZADD', due_key, due, state.id)
  totals.due = math.min(totals.due, due)
end

-- Comes before a state leaves the queue for good or for a while.
local function leave_queue(state)
  local key = redis.call('HGET', commands_key, 'collapse:' .. state.id)
  if key then
    redis.call('HDEL', commands_key, 'waiting:' .. key)
  end
end

-- Forgets a command that has ended.
local function forget(id)
  if redis.call('ZREM', order_key, id) == 0 then
    return
  end
  redis.call('ZREM', due_key, id)
  flush()
  local keys = redis.call('HMGET', commands_key, 'collapse:' .. id, 'idempotency:' .. id)
  if keys[2] then
    redis.call('HDEL', commands_key, 'known:' .. keys[2])
  end
  redis.call(
    'HDEL', commands_key, 'state:' .. id, 'operation:' .. id, 'output:' .. id, 'collapse:' .. id, 'idempotency:' .. id,
    'reason:' .. id, 'progress:' .. id, 'statistics:' .. id, 'ended-before:' .. id, 'fingerprint:' .. id,
    'attempts:' .. id
  )
  totals[STAGE_ENDED] = totals[STAGE_ENDED] - 1
  is_changed = true
end

local function end_command(state, outcome, reason, at)
  if state.stage == STAGE_QUEUED then
    leave_queue(state)
  end
  state.outcome, state.at, state.unconfirmed = outcome, at, 0
  totals.bytes = totals.bytes - state.bytes
  move(state, STAGE_ENDED)
  write_state(state)
  -- One that was to be cancelled has a reason from then.
  if reason ~= '' or state.cancel == 1 then
    set('reason:' .. state.id, reason)
  end
  if state.bytes > KEPT_PAYLOAD_BYTES then
    local brief = redis.call('HGET', commands_key, 'brief:' .. state.id)
    if brief then
      set('operation:' .. state.id, brief)
      redis.call('HDEL', commands_key, 'brief:' .. state.id)
    end
  end
  if totals[STAGE_ENDED] > MAX_ENDED then
    forget(redis.call('ZRANGEBYSCORE', order_key, STAGE_ENDED * STAGE_SPAN, '+inf', 'LIMIT', 0, 1)[1])
  end
end

local function lapse(state, now)
  if state.stage == STAGE_QUEUED and state.deliver_by <= now then
    end_command(state, OUTCOME_EXPIRED, REASON_EXPIRED, state.deliver_by)
  elseif state.stage == STAGE_IN_FLIGHT and state.deliver_by <= now then
    move(state, STAGE_TAKEN)
    write_state(state)
  end
  if state.stage == STAGE_TAKEN and state.finish_by <= now then
    end_command(state, OUTCOME_UNKNOWN, REASON_NO_RESULT, state.finish_by)
  end
  if state.stage == STAGE_ENDED and due_time(state) <= now then
    forget(state.id)
  end
end

-- Writes what time has done to the device's commands. Of very many, some are left for the next time.
local function settle(now)
  for _ = 1, 10 do
    local due = redis.call('ZRANGEBYSCORE', due_key, '-inf', now, 'LIMIT', 0, 100)
    for _, id in ipairs(due) do
      local state = read_state(id)
      if state then
        lapse(state, now)
      end
    end
    flush()
    if #due < 100 then
      break
    end
  end
  totals.due = tonumber(redis.call('ZRANGE', due_key, 0, 0, 'WITHSCORES')[2]) or math.huge
  is_changed = true
  save()
end

-- Comes first, always. Returns totals, which are also in their place then, and the given fields.
local function begin(now, ...)
  local found = redis.call('HMGET', commands_key, 'totals', ...)
  read_totals(found[1])
  if totals.due > now then
    return found
  end
  settle(now)
  return redis.call('HMGET', commands_key, 'totals', ...)
end

-- Best first; at most `limit`, which is -1 for all.
local function list(stage, limit)
  local first = stage * STAGE_SPAN
  return redis.call('ZRANGEBYSCORE', order_key, first, '(' .. whole(first + STAGE_SPAN), 'LIMIT', 0, limit)
end

local function states_of(ids)
  if #ids == 0 then
    return {}
  end
  local states = {}
  for from = 1, #ids, batch_size do
    local names = {}
    for index = from, math.min(from + batch_size - 1, #ids) do
      names[#names + 1] = 'state:' .. ids[index]
    end
    for index, packed in ipairs(redis.call('HMGET', commands_key, unpack(names))) do
      states[#states + 1] = parse_state(ids[from + index - 1], packed)
    end
  end
  return states
end

local function is_confirmed(state)
  return state.outcome == OUTCOME_DELIVERED or state.outcome == OUTCOME_RUNNING
end

-- Says whether the session `epoch` is to send a command that was taken before.
local function is_to_send_again(state, epoch, now)
  if not is_confirmed(state) and state.deliver_by <= now then
    return false
  end
  return state.epoch < epoch or state.epoch == epoch and state.unconfirmed == 1 and state.routed + UNCONFIRMED_MS <= now
end

-- Says whether `take` has something that waits, given the window.
local function has_more(window)
  return totals[STAGE_QUEUED] > 0 and totals[STAGE_IN_FLIGHT] < window and 1 or 0
end

-- id, state, reason, progress, statistics, ended-before, output; each false where there is none
local function describe_status(id)
  return {
    id,
    unpack(redis.call(
      'HMGET', commands_key, 'state:' .. id, 'reason:' .. id, 'progress:' .. id, 'statistics:' .. id,
      'ended-before:' .. id, 'output:' .. id
    )),
  }
end

-- The same, then operation, collapse key, idempotency key
local function describe(id)
  local found = describe_status(id)
  local fixed = redis.call('HMGET', commands_key, 'operation:' .. id, 'collapse:' .. id, 'idempotency:' .. id)
  for index = 1, 3 do
    found[#found + 1] = fixed[index]
  end
  return found
end

-- epoch, node, worker, boot, link, opened; without node: closed, or not known
local function session()
  return redis.call('HMGET', session_key, 'epoch', 'node', 'worker', 'boot', 'link', 'opened')
end
