-- Stands in front of the scripts that change a device's record (redis/scripts.ts puts it there).

-- `tickets_key` names a HASH with generation, valid_from and group of the record, and nothing else of it: push servers may read
-- it, and not the record, which has the hash of the secret. It ends when the record does. Comes last, wherever that has changed.
local function copy_tickets(record_key, tickets_key)
  local fields = { 'generation', 'valid_from', 'group' }
  redis.call('DEL', tickets_key)
  for index, value in ipairs(redis.call('HMGET', record_key, unpack(fields))) do
    if value then
      redis.call('HSET', tickets_key, fields[index], value)
    end
  end
  local left_ms = redis.call('PTTL', record_key)
  if left_ms > 0 then
    redis.call('PEXPIRE', tickets_key, left_ms)
  end
end
