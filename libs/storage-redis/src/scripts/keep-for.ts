/**
 * Lua: how many seconds a key stays that ends at a moment of the caller's clock.
 *
 * The server's time only cleans up: what ended is judged by the caller's `now`. A key stays until it
 * ended by both clocks, and 600 seconds more, for a caller whose clock steps back or is behind (THR-65);
 * where the server's clock is behind, a day longer at most, so that nothing stays for years.
 */
export const keepFor = `
local function keepFor(ends, now)
  local rest = ends - now
  local byServer = ends - tonumber(redis.call('TIME')[1])
  local keep = math.min(math.max(rest, byServer), rest + 86400) + 600
  return string.format('%d', math.max(keep, 1))
end`;

/** 2106-02-07, in seconds: what would end later ends then, so that Lua counts with no infinities. */
export const lastMoment = 2 ** 32 - 1;
