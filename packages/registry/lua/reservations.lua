-- Stands in front of every script that reads the clock or works on reservations (redis/scripts.ts puts it there).
-- `keys` names the three keys of reservations, all of them under the fleet's tag:
--   keys.reservations  HASH device -> "push-server slot is-own": when the device is to connect, in ms by the write clock; and 1
--                      where the place is that of its own session, so that only the slot is kept, else 0
--   keys.lapses        ZSET device by the time in ms, by the write clock, at which its reservation lapses
--   keys.reserved      HASH push server -> how many reserved places it has

-- So many arguments of one call fit on Lua's stack, with room to spare.
local batch_size = 1000

local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Whole numbers beyond 14 digits lose their end where Lua writes them by itself.
local function whole(number)
  return string.format('%.0f', number)
end

-- The push server whose place a reservation takes; nil: it takes none.
local function place_of(reservation)
  return reservation and string.match(reservation, '^(%S+) %d+ 0$')
end

-- At most `batch_size` devices, each named once. Those without a reservation do not matter.
local function give_up(keys, devices)
  if #devices == 0 then
    return
  end
  local given_up = {}
  for _, reservation in ipairs(redis.call('HMGET', keys.reservations, unpack(devices))) do
    local node = place_of(reservation)
    if node then
      given_up[node] = (given_up[node] or 0) + 1
    end
  end
  redis.call('HDEL', keys.reservations, unpack(devices))
  redis.call('ZREM', keys.lapses, unpack(devices))
  for node, count in pairs(given_up) do
    if redis.call('HINCRBY', keys.reserved, node, -count) == 0 then
      redis.call('HDEL', keys.reserved, node)
    end
  end
end

-- `devices` from the index `first` to `last`, however many.
local function give_up_all(keys, devices, first, last)
  for from = first, last, batch_size do
    give_up(keys, { unpack(devices, from, math.min(from + batch_size - 1, last)) })
  end
end

-- Push server -> how many of its reserved places have lapsed and were not dropped yet.
local function count_lapsed(keys, now)
  local lapsed, counts = redis.call('ZRANGEBYSCORE', keys.lapses, '-inf', now), {}
  for from = 1, #lapsed, batch_size do
    local some = { unpack(lapsed, from, math.min(from + batch_size - 1, #lapsed)) }
    for _, reservation in ipairs(redis.call('HMGET', keys.reservations, unpack(some))) do
      local node = place_of(reservation)
      if node then
        counts[node] = (counts[node] or 0) + 1
      end
    end
  end
  return counts
end

-- Comes before anything that counts: a reservation is void from the moment it lapses.
local function drop_lapsed(keys, now)
  local lapsed
  repeat
    lapsed = redis.call('ZRANGEBYSCORE', keys.lapses, '-inf', now, 'LIMIT', 0, batch_size)
    give_up(keys, lapsed)
  until #lapsed < batch_size
end
