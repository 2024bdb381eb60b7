import { keepFor } from '../scripts/keep-for.js';
import { luaScript } from '../scripts/lua-script.js';
import { memorySinceFunction } from './memory-script.js';

/**
 * Claims all of a list or none.
 *
 * KEYS: the marker, then the things. ARGV: as of the marker's script; the caller's time; then of each
 * thing until when it is held, and since when it could have been accepted.
 *
 * The reply is 0 where all were claimed; else the position, from 1, of the first that cannot be:
 * negative where it may have been forgotten. The marker may be written in any case. Nothing is read
 * after the first claim is written, so that a server that refuses to write has written none.
 */
export const claim = luaScript(
  Number,
  keepFor,
  memorySinceFunction,
  `
local since = tonumber(memorySince(KEYS[1], ARGV[1], ARGV[2]))
local now = tonumber(ARGV[3])
local named = {}
for i = 2, #KEYS do
  local held = redis.call('GET', KEYS[i])
  if named[KEYS[i]] or (held and tonumber(held) > now) then return i - 1 end
  if tonumber(ARGV[2 * i + 1]) < since then return 1 - i end
  named[KEYS[i]] = true
end
for i = 2, #KEYS do
  local ends = ARGV[2 * i]
  redis.call('SET', KEYS[i], ends, 'EX', keepFor(tonumber(ends), now))
end
return 0`,
);
