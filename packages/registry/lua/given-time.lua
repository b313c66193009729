-- Stands in front of a script that is given the time (redis/scripts.ts puts it there): its last argument, in ms of Unix time. Takes it off
-- the arguments, and answers with it whoever asks the server for the TIME.
local given_ms = tonumber(table.remove(ARGV))
local server = redis
local redis = setmetatable({
  call = function(command, ...)
    if command == 'TIME' then
      return { tostring(math.floor(given_ms / 1000)), tostring(given_ms % 1000 * 1000) }
    end
    return server.call(command, ...)
  end,
}, { __index = server })
