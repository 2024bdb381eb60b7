import { keepFor } from '../scripts/keep-for.js';
import { luaScript } from '../scripts/lua-script.js';

// A session is a hash: `ends` and `seen` (seconds), `login` (JSON) and a field for each client.

/**
 * KEYS: the session, and the one that it replaces, if any. ARGV: the caller's time, when the session
 * ends, its fields and values. The new one is written first: a server that is full refuses that, and
 * then the old one stays.
 */
export const startSession = luaScript(
  Number,
  keepFor,
  `
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], unpack(ARGV, 3))
redis.call('EXPIRE', KEYS[1], keepFor(tonumber(ARGV[2]), tonumber(ARGV[1])))
if KEYS[2] and KEYS[2] ~= KEYS[1] then redis.call('DEL', KEYS[2]) end
return 1`,
);

/**
 * KEYS: the session. The reply is its fields and values, none where it is not there. Nothing is
 * changed: no field has an empty name. But a replica refuses even that, so that what was read is the
 * primary's. THR-69.
 */
export const findSession = luaScript(
  fieldsAndValues,
  `
redis.call('HDEL', KEYS[1], '')
return redis.call('HGETALL', KEYS[1])`,
);

/** KEYS: the session. ARGV: the caller's time, the field of the client. */
export const touchSession = luaScript(
  Number,
  `
local ends, seen = unpack(redis.call('HMGET', KEYS[1], 'ends', 'seen'))
if not ends or tonumber(ends) <= tonumber(ARGV[1]) then return 0 end
if tonumber(ARGV[1]) > tonumber(seen) then seen = ARGV[1] end
redis.call('HSET', KEYS[1], 'seen', seen, ARGV[2], '')
return 1`,
);

/** KEYS: the session. The reply is what it was, as of `findSession`. */
export const endSession = luaScript(
  fieldsAndValues,
  `
local fields = redis.call('HGETALL', KEYS[1])
redis.call('DEL', KEYS[1])
return fields`,
);

function fieldsAndValues(reply: unknown): readonly string[] {
  return reply as readonly string[];
}
