-- Notes what a worker knows of a command.
-- KEYS as in commands.lua
-- ARGV[1] id, ARGV[2] window, ARGV[3] kind, then
-- "delivered"; "running": progress, statistics; "released": epoch; "ended": outcome, reason, statistics, 1 if the task
-- had ended before, output. What is empty is absent.
-- Returns { "noted", "stale" or "unknown", 1 if `take` has something, then as `describe_status`, without the output if
-- that has just been noted }
local id, window, kind = ARGV[1], tonumber(ARGV[2]), ARGV[3]

local function set(name, value)
  if value ~= '' then
    redis.call('HSET', commands_key, name .. ':' .. id, value)
  end
end

local function change(state, outcome, now)
  state.outcome, state.at = outcome, now
  if state.stage ~= 'taken' then
    if state.stage == 'queued' then
      leave_queue(state)
    end
    state.stage = 'taken'
    place(state)
  end
end

-- Each returns whether it says something new, and whether `take` has the command again.
local note = {}

function note.delivered(state, now)
  local is_new = not is_confirmed(state)
  if is_new then
    change(state, DELIVERED, now)
    state.delivered = now
  elseif state.open == 0 then
    return false
  end
  state.open = 0
  write_state(state)
  return is_new
end

function note.running(state, now)
  if not is_confirmed(state) then
    state.delivered = now
  end
  if state.outcome ~= RUNNING then
    change(state, RUNNING, now)
    state.running = now
  end
  state.open = 0
  write_state(state)
  set('progress', ARGV[4])
  set('statistics', ARGV[5])
  return true
end

function note.ended(state, now)
  end_command(state, tonumber(ARGV[4]), ARGV[5], now)
  if state.running > 0 then
    redis.call('HDEL', commands_key, 'progress:' .. id)
  end
  set('statistics', ARGV[6])
  set('ended-before', ARGV[7])
  set('output', ARGV[8])
  return true
end

-- The session never sent it, and never will. What an earlier session may have sent is not QUEUED again, because it could
-- then end as one that was never sent; it goes to whoever takes next all the same.
function note.released(state, now)
  if state.stage == 'queued' or state.epoch ~= tonumber(ARGV[4]) or state.open == 0 then
    return false
  end
  if state.seen == 1 then
    state.epoch = 0
    write_state(state)
    return true, true
  end
  if state.cancel == 1 then
    end_command(state, CANCELLED, redis.call('HGET', commands_key, 'reason:' .. id) or '', now)
    return true
  end
  if state.deliver <= now then
    end_command(state, EXPIRED, 'the time to live passed before it could be sent', now)
    return true
  end
  local key = redis.call('HGET', commands_key, 'collapse:' .. id)
  local newer = key and redis.call('HGET', commands_key, 'waiting:' .. key)
  if newer then
    end_command(state, SUPERSEDED, 'command ' .. newer .. ' with the same collapse key took its place', now)
    return true
  end
  if key then
    redis.call('HSET', commands_key, 'waiting:' .. key, id)
  end
  state.stage, state.outcome, state.at, state.epoch, state.open, state.routed = 'queued', QUEUED, now, 0, 0, 0
  write_state(state)
  place(state)
  return true
end

local now = now_ms()
settle(now)
local state = read_state(id)
if not state then
  return { 'unknown', has_more(window) }
end
local is_noted, is_to_be_taken = false, false
if state.stage ~= 'ended' then
  is_noted, is_to_be_taken = note[kind](state, now)
end
local verdict = is_noted and 'noted' or 'stale'
local status = describe_status(id)
if is_noted then
  status[#status] = false
end
return { verdict, is_to_be_taken and 1 or has_more(window), unpack(status) }
