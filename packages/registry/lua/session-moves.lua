-- Stands in front of the scripts that open or end a session (redis/scripts.ts puts it there).
-- Returns `moves`, which session-moves.ts decodes, with one more in front. `moves` may be false: there are none.
local function with_move(moves, kind, at, node, link, reason)
  local move = table.concat({ kind, at, node, link, reason }, ' ')
  if not moves then
    return move
  end
  local kept = 0
  for _ = 1, REMEMBERED_MOVES - 1 do
    kept = string.find(moves, '\n', kept + 1, true)
    if not kept then
      return move .. '\n' .. moves
    end
  end
  return move .. '\n' .. string.sub(moves, 1, kept - 1)
end
