-- A device's commands that have ended, first the one that is kept longest.
-- KEYS as in commands.lua
-- ARGV[1] how many at most
-- ARGV[2] behind the one that is kept until this time (ms), empty: from the first one; ARGV[3] and that has this id
-- Returns 1: there are more, then until when the last one is kept (ms), then for each as `describe`, without what is large
local limit, after, after_id = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
begin(now_ms())

-- At most MAX_ENDED, and a few that are kept until one time stand in front of the place.
local highest = after and whole(STAGE_ENDED * STAGE_SPAN + after) or '+inf'
local found = redis.call('ZREVRANGEBYSCORE', order_key, highest, whole(STAGE_ENDED * STAGE_SPAN), 'WITHSCORES')

local parts = { 'state', 'reason', 'progress', 'statistics', 'ended-before', 'output', 'operation', 'collapse', 'idempotency' }
local is_left_out_if_large = { statistics = true, output = true }

local function describe_brief(id)
  local wanted = {}
  for index, part in ipairs(parts) do
    local field = part .. ':' .. id
    local is_left_out = is_left_out_if_large[part] and redis.call('HSTRLEN', commands_key, field) > KEPT_PAYLOAD_BYTES
    -- No field has this name.
    wanted[index] = is_left_out and 'left-out' or field
  end
  return { id, unpack(redis.call('HMGET', commands_key, unpack(wanted))) }
end

local reply, bytes = { 0, 0 }, 0
for index = 1, #found, 2 do
  local id, kept_until = found[index], tonumber(found[index + 1]) - STAGE_ENDED * STAGE_SPAN
  if not after or kept_until < after or id < after_id then
    if #reply - 2 == limit or bytes >= ENDED_PAGE_BYTES then
      reply[1] = 1
      break
    end
    local described = describe_brief(id)
    for _, field in ipairs(described) do
      bytes = bytes + (field and #field or 0)
    end
    reply[2] = kept_until
    reply[#reply + 1] = described
  end
end
return reply
