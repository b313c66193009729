-- Stands in front of the scripts that measure silence and lifetimes (redis/scripts.ts puts it there, after reservations.lua, whose
-- `whole` it uses). The write clock goes only while the registry takes writes: whoever could not say anything was not
-- silent, and could renew nothing. It never goes back, and no step of the server's clock moves it far.
-- `key` names a STRING "written-at-ms reading-ms": when it was set last, and what it said then. embedded/write-clock.ts
-- has the same rules.

-- What it said when it was set last; 0 if it never was.
local function last_reading(key)
  return tonumber(string.match(redis.call('GET', key) or '', '^%d+ (%d+)$') or 0)
end

local function read_write_clock(key, now)
  local written_at, reading = string.match(redis.call('GET', key) or '', '^(%d+) (%d+)$')
  if not reading then
    return now
  end
  return tonumber(reading) + math.min(LONGEST_WRITE_GAP_MS, math.max(0, now - tonumber(written_at)))
end

local function set_write_clock(key, now)
  local reading = read_write_clock(key, now)
  redis.call('SET', key, whole(now) .. ' ' .. whole(reading))
  return reading
end
