-- Stands in front of the scripts about one device's commands (redis/scripts.ts puts it there, after reservations.lua,
-- whose `now_ms` and `whole` it uses). command-state.ts has the same rules for the embedded registry.
-- KEYS[1] session   HASH epoch, and while it is open: node, worker, boot, link, opened (ms)
-- KEYS[2] commands  HASH of all that is kept of the device's commands:
--                     state:<id>        the fields of a state
--                     operation:<id>, output:<id>  bytes
--                     collapse:<id>, idempotency:<id>, reason:<id>, progress:<id>, statistics:<id>, ended-before:<id>,
--                     where there are any
--                     waiting:<collapse key>  id of the one that waits with it
--                     known:<idempotency key>  id
--                     last, the place that was given last; bytes, of all that have not ended;
--                     kept, the time in ms until which the keys are kept
-- KEYS[3] order     ZSET of those that have not ended, by stage, priority and place
-- KEYS[4] due       ZSET of all, by the time in ms at which time alone changes them
local session_key, commands_key, order_key, due_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- Outcomes by their places on the ladder.
local QUEUED, ROUTED, DELIVERED, RUNNING, SUCCEEDED = 1, 2, 3, 4, 5
local EXPIRED, CANCELLED, SUPERSEDED, UNKNOWN = 8, 9, 10, 12

-- Scores in the order: stage, then priority, then place. All sums are whole numbers that a double holds exactly.
-- `on_its_way`: unconfirmed, and not past the time by which to be delivered; these fill the window. `taken`: all others
-- that were taken and have not ended.
local of_stage, of_priority = 1e15, 1e14
local stages = { taken = 0, on_its_way = 1, queued = 2 }

-- How long what is unconfirmed is left to the session that took it.
local unconfirmed_ms = 5000

-- Fields of a state, all numbers but the last: stage, outcome, rank (priority and place), bytes; the times when it was
-- accepted, and by which it is to be delivered and to be finished; for how long to keep it once it has ended; the time of
-- the outcome; epoch of the session that took it last; times when it was routed, delivered, running, 0: not yet;
-- whether that session has not confirmed it (open), whether an earlier one may have sent it (seen), whether it is to be
-- cancelled; push server.
local state_pattern = '(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) ' ..
  '(%d) (%d) (%d) (.*)'
local state_format = '%.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %.0f %s'
local stage_names = { [0] = 'taken', 'on_its_way', 'queued', 'ended' }
local stage_numbers = { taken = 0, on_its_way = 1, queued = 2, ended = 3 }

local function parse_state(id, text)
  if not text then
    return nil
  end
  local stage, outcome, rank, bytes, accepted, deliver, finish, keep, at, epoch, routed, delivered, running, open, seen,
    cancel, node = string.match(text, state_pattern)
  return {
    id = id, stage = stage_names[tonumber(stage)], outcome = tonumber(outcome), rank = tonumber(rank),
    bytes = tonumber(bytes), accepted = tonumber(accepted), deliver = tonumber(deliver), finish = tonumber(finish),
    keep = tonumber(keep), at = tonumber(at), epoch = tonumber(epoch), routed = tonumber(routed),
    delivered = tonumber(delivered), running = tonumber(running), open = tonumber(open), seen = tonumber(seen),
    cancel = tonumber(cancel), node = node,
  }
end

local function format_state(s)
  return string.format(
    state_format, stage_numbers[s.stage], s.outcome, s.rank, s.bytes, s.accepted, s.deliver, s.finish, s.keep, s.at,
    s.epoch, s.routed, s.delivered, s.running, s.open, s.seen, s.cancel, s.node
  )
end

local function read_state(id)
  return parse_state(id, redis.call('HGET', commands_key, 'state:' .. id))
end

local function due_time(state)
  if state.stage == 'ended' then
    return state.at + state.keep
  end
  return state.stage == 'taken' and state.finish or state.deliver
end

local function write_state(state)
  redis.call('HSET', commands_key, 'state:' .. state.id, format_state(state))
end

local function count(stage)
  local first = stages[stage] * of_stage
  return redis.call('ZCOUNT', order_key, whole(first), '(' .. whole(first + of_stage))
end

-- Its place in the order and what time does to it follow the stage.
local function place(state)
  redis.call('ZADD', order_key, whole(stages[state.stage] * of_stage + state.rank), state.id)
  redis.call('ZADD', due_key, whole(due_time(state)), state.id)
end

-- Comes before a state leaves the queue for good or for a while.
local function leave_queue(state)
  local key = redis.call('HGET', commands_key, 'collapse:' .. state.id)
  if key then
    redis.call('HDEL', commands_key, 'waiting:' .. key)
  end
end

local function end_command(state, outcome, reason, at)
  if state.stage == 'queued' then
    leave_queue(state)
  end
  state.stage, state.outcome, state.at, state.open = 'ended', outcome, at, 0
  redis.call('ZADD', due_key, whole(due_time(state)), state.id)
  redis.call('ZREM', order_key, state.id)
  local state_field, reason_field = 'state:' .. state.id, 'reason:' .. state.id
  if redis.call('EXISTS', order_key) == 1 then
    redis.call('HSET', commands_key, state_field, format_state(state), reason_field, reason)
    redis.call('HINCRBY', commands_key, 'bytes', whole(-state.bytes))
    return
  end
  -- All have ended: the keys are kept for as long as the one that is kept longest.
  local kept = redis.call('ZREVRANGE', due_key, 0, 0, 'WITHSCORES')[2]
  redis.call(
    'HSET', commands_key, state_field, format_state(state), reason_field, reason, 'bytes', 0, 'kept', kept
  )
  redis.call('PEXPIREAT', commands_key, kept)
  redis.call('PEXPIREAT', due_key, kept)
end

local function forget(id)
  local keys = redis.call('HMGET', commands_key, 'collapse:' .. id, 'idempotency:' .. id)
  if keys[2] then
    redis.call('HDEL', commands_key, 'known:' .. keys[2])
  end
  redis.call(
    'HDEL', commands_key, 'state:' .. id, 'operation:' .. id, 'output:' .. id, 'collapse:' .. id, 'idempotency:' .. id,
    'reason:' .. id, 'progress:' .. id, 'statistics:' .. id, 'ended-before:' .. id
  )
  redis.call('ZREM', due_key, id)
  if redis.call('EXISTS', due_key) == 0 then
    redis.call('DEL', commands_key)
  end
end

local function lapse(state, now)
  if state.stage == 'queued' and state.deliver <= now then
    end_command(state, EXPIRED, 'the time to live passed before it could be sent', state.deliver)
  elseif state.stage == 'on_its_way' and state.deliver <= now then
    state.stage = 'taken'
    write_state(state)
    place(state)
  end
  if state.stage == 'taken' and state.finish <= now then
    end_command(state, UNKNOWN, 'no result by the deadline', state.finish)
  end
  if state.stage == 'ended' and due_time(state) <= now then
    forget(state.id)
  end
end

-- Comes first, always: writes what time has done to the device's commands. Of very many, some are left for the next time.
local function settle(now)
  for _ = 1, 10 do
    local due = redis.call('ZRANGEBYSCORE', due_key, '-inf', whole(now), 'LIMIT', 0, 100)
    for _, id in ipairs(due) do
      local state = read_state(id)
      if state then
        lapse(state, now)
      else
        redis.call('ZREM', due_key, id)
      end
    end
    if #due < 100 then
      return
    end
  end
end

-- Best first; at most `limit`, which is -1 for all.
local function list(stage, limit)
  local first = stages[stage] * of_stage
  return redis.call(
    'ZRANGEBYSCORE', order_key, whole(first), '(' .. whole(first + of_stage), 'LIMIT', 0, whole(limit)
  )
end

local function states_of(ids)
  if #ids == 0 then
    return {}
  end
  local states = {}
  for from = 1, #ids, batch_size do
    local fields = {}
    for index = from, math.min(from + batch_size - 1, #ids) do
      fields[#fields + 1] = 'state:' .. ids[index]
    end
    for index, text in ipairs(redis.call('HMGET', commands_key, unpack(fields))) do
      states[#states + 1] = parse_state(ids[from + index - 1], text)
    end
  end
  return states
end

local function is_confirmed(state)
  return state.outcome == DELIVERED or state.outcome == RUNNING
end

-- Whether the session `epoch` is to send one that was taken before.
local function is_to_send_again(state, epoch, now)
  if state.stage == 'taken' and not is_confirmed(state) then
    return false
  end
  return state.epoch < epoch or state.epoch == epoch and state.open == 1 and state.routed + unconfirmed_ms <= now
end

-- Whether `take` has something that waits, given the window.
local function has_more(window)
  if count('queued') == 0 then
    return 0
  end
  return count('on_its_way') < window and 1 or 0
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
