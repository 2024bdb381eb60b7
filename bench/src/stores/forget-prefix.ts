import { createClient, RESP_TYPES } from 'redis';

/** Removes every key that begins with a prefix. */
export async function forgetPrefix(url: string, prefix: string): Promise<void> {
  const client = await createClient({ url }).connect();
  // Names of claims are octets: as text they would be other names.
  const octets = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  for await (const keys of octets.scanIterator({ MATCH: `${prefix}*`, COUNT: 10_000 })) {
    if (keys.length > 0) await client.unlink(keys);
  }
  client.destroy();
}
