import { createClient, RESP_TYPES } from 'redis';

/** Removes every key under a prefix, so that a server that others use too is left as it was. */
export async function forgetAll(url: string, prefix: string): Promise<void> {
  const client = await createClient({ url }).connect();
  // Names of claims are octets: as text they would be other names.
  const octets = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  for await (const keys of octets.scanIterator({ MATCH: `${prefix}*`, COUNT: 10_000 })) {
    if (keys.length > 0) await client.unlink(keys);
  }
  client.destroy();
}
