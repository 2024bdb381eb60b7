import { defineScript, type CommandParser, type RedisArgument } from 'redis';

/**
 * A script that the server runs whole before it listens to anybody else; sent by its hash, and in full
 * where the server does not know it.
 *
 * @param read  Makes the reply what the caller expects.
 * @param parts Lua, one after the other: definitions, then what the script does.
 */
export function luaScript<Reply>(read: (reply: unknown) => Reply, ...parts: readonly string[]) {
  return defineScript({
    SCRIPT: parts.join('\n'),
    parseCommand(
      parser: CommandParser,
      keys: readonly RedisArgument[],
      values: readonly string[],
    ): void {
      parser.pushKeysLength([...keys]);
      parser.push(...values);
    },
    transformReply: (reply: unknown) => read(reply),
  });
}
