-- Cancels a command that waits; one that was taken is marked as to be cancelled.
-- KEYS as in commands.lua
-- ARGV[1] id, ARGV[2] reason
-- Returns { "unknown" }, or { "ended", "cancelled" or "asked", six of `session`, then as `describe` }
local id, reason = ARGV[1], ARGV[2]

local now = now_ms()
local state = parse_state(id, begin(now, 'state:' .. id)[2])
if not state then
  return { 'unknown' }
end
local kind = 'ended'
if state.stage == STAGE_QUEUED then
  kind = 'cancelled'
  end_command(state, OUTCOME_CANCELLED, reason, now)
elseif state.stage ~= STAGE_ENDED then
  kind = 'asked'
  if state.cancel == 0 then
    state.cancel = 1
    write_state(state)
    set('reason:' .. id, reason)
  end
end
save()
local reply = { kind }
for _, part in ipairs({ session(), describe(id) }) do
  for _, value in ipairs(part) do
    reply[#reply + 1] = value
  end
end
return reply
