-- Writes how a group push goes, with what has become of devices since.
-- KEYS[1] push  HASH record (JSON), operation, desired-state, token of the last lease; ended, once it has
-- KEYS[2] counts  HASH outcome -> number of devices, KEYS[3] outcomes  HASH device -> "outcome JSON",
-- KEYS[4] devices  ZSET of those with an outcome, score 0
-- ARGV[1] record, ARGV[2] lease token, ARGV[3] for how many ms to keep it; empty: it has not ended, ARGV[4] a line for each
-- outcome: device, outcome and JSON, with a tab before each but the first. Three arguments for each cost the balancer more than all this
-- Returns { desired-state, then outcome and number of devices for each outcome }, or false if somebody with a greater token has
-- written, or if there is none
local push_key, counts_key, outcomes_key, devices_key = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local record, token, keep_ms = ARGV[1], tonumber(ARGV[2]), ARGV[3]
-- How many outcomes go into one call: it takes thousands of arguments, but not many thousands.
local batch = 500

local stored = redis.call('HMGET', push_key, 'token', 'desired-state')
if not stored[1] or tonumber(stored[1]) > token then
  return false
end
redis.call('HSET', push_key, 'record', record, 'token', ARGV[2])

local changes = {}
local function replace_outcomes(devices, outcomes, texts)
  local before = {}
  for index, text in ipairs(redis.call('HMGET', outcomes_key, unpack(devices))) do
    before[devices[index]] = text and tonumber(string.match(text, '^%d+')) or nil
  end
  local values, members = {}, {}
  for index, device in ipairs(devices) do
    local old, outcome = before[device], tonumber(outcomes[index])
    if not old or old < FIRST_ENDED_RANK then
      values[#values + 1], values[#values + 2] = device, outcomes[index] .. ' ' .. texts[index]
      if not old then
        members[#members + 1], members[#members + 2] = 0, device
      else
        changes[old] = (changes[old] or 0) - 1
      end
      changes[outcome] = (changes[outcome] or 0) + 1
      before[device] = outcome
    end
  end
  if #values > 0 then
    redis.call('HSET', outcomes_key, unpack(values))
  end
  if #members > 0 then
    redis.call('ZADD', devices_key, unpack(members))
  end
end

local devices, outcomes, texts = {}, {}, {}
for device, outcome, text in string.gmatch(ARGV[4], '([^\t\n]+)\t(%d+)\t([^\n]+)') do
  local index = #devices + 1
  devices[index], outcomes[index], texts[index] = device, outcome, text
  if index == batch then
    replace_outcomes(devices, outcomes, texts)
    devices, outcomes, texts = {}, {}, {}
  end
end
if #devices > 0 then
  replace_outcomes(devices, outcomes, texts)
end
for outcome, change in pairs(changes) do
  if change ~= 0 and redis.call('HINCRBY', counts_key, outcome, change) == 0 then
    redis.call('HDEL', counts_key, outcome)
  end
end

if keep_ms == '' then
  redis.call('PERSIST', push_key)
else
  redis.call('HSET', push_key, 'ended', 1)
  for _, key in ipairs({ push_key, counts_key, outcomes_key, devices_key }) do
    redis.call('PEXPIRE', key, keep_ms)
  end
end
return { stored[2], unpack(redis.call('HGETALL', counts_key)) }
