import { luaScript } from '../scripts/lua-script.js';

/**
 * Lua: since when the replay memory reaches back, in seconds. THR-68.
 *
 * The marker says so, and in which run of the server it was written. Where it is gone, the memory is
 * gone with it; where the server was started anew or another took its place, what it was told last may
 * be. Either way the memory begins again.
 */
export const memorySinceFunction = `
local function memorySince(marker, begin, run)
  local written = redis.call('GET', marker)
  if written then
    local since, writtenIn = string.match(written, '^(%S+) (%S*)$')
    if writtenIn == run then return since end
  end
  redis.call('SET', marker, begin .. ' ' .. run)
  return begin
end`;

/**
 * KEYS: the marker. ARGV: the moment at which a memory begins that begins now; the server's run.
 *
 * The marker is written again as it is, so that a server that cannot write does not pass for a good one.
 */
export const memorySince = luaScript(
  String,
  memorySinceFunction,
  `
local since = memorySince(KEYS[1], ARGV[1], ARGV[2])
redis.call('SET', KEYS[1], since .. ' ' .. ARGV[2])
return since`,
);
