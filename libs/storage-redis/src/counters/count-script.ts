import { keepFor } from '../scripts/keep-for.js';
import { luaScript } from '../scripts/lua-script.js';

/**
 * Counts one more under every key.
 *
 * KEYS: what is counted, each kept as its count and the end of its window. ARGV: the caller's time; then
 * of each key its limit, and when a window would end that begins now. The reply is the longest wait, in
 * seconds; 0 where none is over its limit.
 */
export const count = luaScript(
  Number,
  keepFor,
  `
local now = tonumber(ARGV[1])
local longest = 0
for i, key in ipairs(KEYS) do
  local attempts, ends = 0, ARGV[2 * i + 1]
  local kept = redis.call('GET', key)
  if kept then
    local keptAttempts, keptEnds = string.match(kept, '^(%d+) (%S+)$')
    if tonumber(keptEnds) > now then attempts, ends = tonumber(keptAttempts), keptEnds end
  end
  attempts = attempts + 1
  local value = string.format('%d %s', attempts, ends)
  redis.call('SET', key, value, 'EX', keepFor(tonumber(ends), now))
  if attempts > tonumber(ARGV[2 * i]) then
    longest = math.max(longest, 1, math.ceil(tonumber(ends) - now))
  end
end
return longest`,
);
