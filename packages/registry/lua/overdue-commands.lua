-- Finds out whether a device has an open session, and commands that should have been sent to it, or confirmed by it, long ago.
-- KEYS as in commands.lua
-- ARGV[1] how many ms ago
-- Returns { 1 if it has commands that have not ended, then as `session` if they are overdue }
local now = now_ms()
begin(now)
if unended() == 0 then
  -- Nobody else brings the end of the keys nearer: commands come and end too often for that.
  local kept = tonumber(redis.call('ZREVRANGE', due_key, 0, 0, 'WITHSCORES')[2])
  if kept and totals.kept - kept > 3600000 then
    totals.kept, is_changed = kept, true
    save()
    keep_until(kept)
  end
  return { 0 }
end
local before = now - tonumber(ARGV[1])
local at = session()
if not at[2] or tonumber(at[6]) > before then
  return { 1 }
end
local epoch, is_moving = tonumber(at[1]), false
for _, stage in ipairs({ STAGE_IN_FLIGHT, STAGE_TAKEN }) do
  for _, state in ipairs(states_of(list(stage, -1))) do
    local can_be_sent = is_confirmed(state) or state.deliver_by > now
    if can_be_sent and (state.epoch < epoch or state.unconfirmed == 1 and state.routed <= before) then
      return { 1, unpack(at) }
    end
    is_moving = is_moving or stage == STAGE_IN_FLIGHT and state.routed > before
  end
end
-- A command that waits behind others that are just being sent is in good hands.
local first = states_of(list(STAGE_QUEUED, 1))[1]
if first and not is_moving and first.at <= before then
  return { 1, unpack(at) }
end
return { 1 }
