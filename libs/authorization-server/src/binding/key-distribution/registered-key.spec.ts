import { describe, expect, it } from '@jest/globals';
import {
  accept,
  importVerificationKey,
  refuse,
  UpstreamError,
  type JsonObject,
  type KeyQuery,
  type KeySource,
} from '@keybound/core';
import { clientKey, jkt, otherKey, publicPart } from '@keybound/testing';
import type { Client } from '../../extension/client.js';
import { registeredKey } from './registered-key.js';

/** As much of a client as is asked. */
function client(metadata: JsonObject, keys?: KeySource): Pick<Client, 'metadata' | 'keys'> {
  return { metadata: metadata as unknown as Client['metadata'], keys };
}

/** Keys that the client publishes, and what they were asked for. */
async function published(kid: string) {
  const key = await importVerificationKey({ ...publicPart(clientKey), kid });
  const asked: KeyQuery[] = [];
  const keys: KeySource = {
    find: (query) => {
      asked.push(query);
      const found = key.ok && query.kid === kid && query.algorithm === 'ES256';
      return Promise.resolve(found ? accept(key.value) : refuse('unknown key'));
    },
    has: () => true,
  };
  return { keys, asked };
}

const uri = { jwks_uri: 'https://client.example/jwks' };

describe('registeredKey', () => {
  it.each([jkt, 'mine'])('KD-07 finds a registered key by %s', async (name) => {
    const jwk = { ...publicPart(clientKey), kid: 'mine' };
    const keys = [{ kty: 'oct', k: 'AA' }, null, publicPart(otherKey), jwk];
    const found = await registeredKey(client({ jwks: { keys } }), name, ['ES256']);
    expect(found?.thumbprint).toBe(jkt);
  });

  it.each([
    ['no keys', {}],
    ['keys that are no list', { jwks: { keys: 'none' } }],
    ['another key', { jwks: { keys: [publicPart(otherKey)] } }],
    ['a private key', { jwks: { keys: [clientKey] } }],
    [
      'a point off its curve',
      { jwks: { keys: [{ ...publicPart(clientKey), kid: jkt, y: clientKey.x }] } },
    ],
  ])('KD-07 finds nothing among %s', async (_what, metadata) => {
    expect(await registeredKey(client(metadata), jkt, ['ES256'])).toBeUndefined();
  });

  it('KD-07 finds a published key by its kid, for an algorithm that is taken', async () => {
    const { keys, asked } = await published('mine');
    const found = await registeredKey(client(uri, keys), 'mine', ['RS256', 'ES256', 'ES384']);
    expect(found?.thumbprint).toBe(jkt);
    expect(asked.map(({ algorithm }) => algorithm)).toEqual(['RS256', 'ES256']);
    expect(await registeredKey(client(uri, keys), 'other', ['ES256'])).toBeUndefined();
  });

  it('KD-07 does not take the keys of somebody who vouches for the client for its own', async () => {
    const { keys, asked } = await published('mine');
    expect(await registeredKey(client({}, keys), 'mine', ['ES256'])).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('KD-07 is a fault, and no refusal, while the published keys cannot be had', async () => {
    const keys: KeySource = {
      find: () => Promise.reject(new UpstreamError('down')),
      has: () => true,
    };
    await expect(registeredKey(client(uri, keys), 'mine', ['ES256'])).rejects.toThrow(
      UpstreamError,
    );
  });
});
