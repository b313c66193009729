-- Hands a device's commands to the worker that holds its session.
-- KEYS as in commands.lua
-- ARGV[1] epoch, ARGV[2] window, ARGV[3] how many at most
-- Returns { now (ms), 1 if there are more, then for each command: id, state, operation, 1 if an attempt to send it failed }
local epoch, window, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local now = now_ms()
begin(now)
local at = session()
local known = tonumber(at[1] or '-1')
if known > epoch or known == epoch and not at[2] then
  return { now, 0 }
end
local node = known == epoch and at[2] or nil
local taken = {}

-- Commands that were taken before, and those of them that come last because attempts to send it have failed: the likeliest to fail again
-- at the very end.
local again, failed = {}, {}
for _, stage in ipairs({ STAGE_IN_FLIGHT, STAGE_TAKEN }) do
  for _, state in ipairs(states_of(list(stage, -1))) do
    if is_to_send_again(state, epoch, now) then
      local attempts = redis.call('HGET', commands_key, 'attempts:' .. state.id)
      state.weight = attempts and struct.unpack('<d', attempts) or 0
      local into = attempts and failed or again
      into[#into + 1] = state
    end
  end
end

-- Returns whether there are more than may be taken.
local function take_again(states)
  table.sort(states, function(a, b)
    if a.weight ~= b.weight then
      return a.weight < b.weight
    end
    return a.rank < b.rank
  end)
  local room = limit - #taken
  for index = 1, math.min(room, #states) do
    local state = states[index]
    state.epoch, state.node, state.routed = epoch, node or state.node, now
    state.unconfirmed, state.maybe_sent = 1, 1
    write_state(state)
    taken[#taken + 1] = state
  end
  return #states > room
end

local is_more = take_again(again)

local room = math.min(window - totals[STAGE_IN_FLIGHT], limit - #taken)
if room > 0 then
  for _, state in ipairs(states_of(list(STAGE_QUEUED, room))) do
    leave_queue(state)
    state.outcome, state.at = OUTCOME_ROUTED, now
    state.epoch, state.node, state.routed, state.unconfirmed = epoch, node or '', now, 1
    move(state, STAGE_IN_FLIGHT)
    write_state(state)
    taken[#taken + 1] = state
  end
end

is_more = take_again(failed) or is_more
save()

local reply = { now, is_more and 1 or has_more(window) }
for _, state in ipairs(taken) do
  reply[#reply + 1] = state.id
  reply[#reply + 1] = pack_state(state)
  reply[#reply + 1] = redis.call('HGET', commands_key, 'operation:' .. state.id)
  reply[#reply + 1] = (state.weight or 0) > 0 and 1 or 0
end
return reply
