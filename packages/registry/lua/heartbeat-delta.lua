-- Stands in front of the scripts that keep held devices or append events (redis/scripts.ts puts it there, after
-- reservations.lua, whose `batch_size` and `whole` it uses).

-- `key` names a STREAM of events, each the field "event" with JSON. It begins with an entry without an event, so that
-- there is a cursor before the first event. Redis drops whole blocks of entries: a few more are kept than are asked for.
local function append_events(key, events, first)
  if first > #events then
    return
  end
  if redis.call('EXISTS', key) == 0 then
    redis.call('XADD', key, '*', 'event', '')
  end
  for index = first, #events do
    redis.call('XADD', key, 'MAXLEN', '~', KEPT_EVENTS, '*', 'event', events[index])
  end
end

-- `command` is SADD or SREM; `devices` from the index `first` to `last`, however many.
local function change_set(command, key, devices, first, last)
  for from = first, last, batch_size do
    redis.call(command, key, unpack(devices, from, math.min(from + batch_size - 1, last)))
  end
end

-- Comes after every change of a boot id's held devices: `boots_key` names those that have any.
local function keep_boot(boots_key, devices_key, boot_id)
  if redis.call('EXISTS', devices_key) == 1 then
    redis.call('SADD', boots_key, boot_id)
  else
    redis.call('SREM', boots_key, boot_id)
  end
end
