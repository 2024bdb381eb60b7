import { describe, expect, it } from '@jest/globals';
import {
  claimsIn,
  clientKey,
  codeForm,
  hash,
  savedCode,
  T0,
  testAccounts,
  testClients,
  testServer,
  tokenRequest,
} from '@keybound/testing';
import { readFileSync } from 'node:fs';
import { decoyClient } from '../client-authentication/decoy-client.js';
import type { Client, ClientMetadata } from '../extension/client.js';
import type { AuthorizationServerOptions } from '../index.js';
import type { ServerContext } from '../server/server-context.js';
import { sectorOf } from './sector.js';
import { publicSubject, subjectIdentifier } from './subject-identifier.js';

interface Vectors {
  readonly salt: string;
  readonly sector: readonly {
    readonly redirect_uris: readonly string[];
    readonly sector_identifier_uri?: string;
    readonly jwks_uri?: string;
    readonly sector?: string;
    readonly error?: string;
    readonly about?: string;
  }[];
  readonly subjects: readonly {
    readonly sector: string;
    readonly local: string;
    readonly sub: string;
  }[];
}

const vectors = JSON.parse(
  readFileSync(
    new URL('../../../../test/vectors/authorization-server/as-pairwise.json', import.meta.url),
    'utf8',
  ),
) as Vectors;

/** The option is text; the table writes its octets as base64url. */
const salt = Buffer.from(vectors.salt, 'base64url').toString('latin1');

function contextWith(own: object): Pick<ServerContext, 'configuration'> {
  return {
    configuration: { pairwiseSubjects: { salt }, clients: [], ...own },
  } as unknown as ServerContext;
}

function pairwiseClient(own: Partial<ClientMetadata>): Client {
  return {
    ...decoyClient,
    metadata: { ...decoyClient.metadata, subject_type: 'pairwise', ...own },
  };
}

describe('sectorOf', () => {
  const judgedHere = vectors.sector.filter(({ sector, about }) => sector !== undefined || about);

  it.each(
    judgedHere.map((vector, at) => [`as-pairwise sector ${String(at + 1)}`, vector] as const),
  )('AS-180 [%s]', (_name, { sector, ...metadata }) => {
    expect(sectorOf(metadata)).toBe(sector);
  });
});

describe('subjectIdentifier', () => {
  it.each(vectors.subjects)('AS-180 [as-pairwise $local at $sector]', async (vector) => {
    const client = pairwiseClient({ redirect_uris: [`https://${vector.sector}/cb`] });
    expect(await subjectIdentifier(contextWith({}), client, vector.local)).toBe(vector.sub);
  });

  it('AS-180 is nothing to a client without a sector, or to a server without a salt', async () => {
    const several = pairwiseClient({ redirect_uris: ['https://c.example/', 'https://d.example/'] });
    await expect(subjectIdentifier(contextWith({}), several, 'alice')).rejects.toThrow(TypeError);
    const one = pairwiseClient({ redirect_uris: ['https://c.example/'] });
    const off = contextWith({ pairwiseSubjects: 'off' });
    await expect(subjectIdentifier(off, one, 'alice')).rejects.toThrow(TypeError);
  });

  it.each([
    ['255 characters', 'a'.repeat(255), true],
    ['256 characters', 'a'.repeat(256), false],
    ['nothing', '', false],
    ['other than ASCII', 'ålice', false],
    ['a control character', 'alice\n', false],
  ])('AS-179 may be %s: %#', async (_what, local, possible) => {
    const clients = [decoyClient, pairwiseClient({ redirect_uris: ['https://c.example/'] })];
    for (const client of clients) {
      const sub = subjectIdentifier(contextWith({}), client, local);
      if (possible) expect((await sub).length).toBeLessThanOrEqual(255);
      else await expect(sub).rejects.toThrow(TypeError);
    }
  });

  it.each(['client_abc', 'https://rp.example', 'configured-1'])(
    'AS-124 is never %s, which a client may be called',
    (name) => {
      const context = contextWith({ clients: [{ client_id: 'configured-1' }] });
      expect(() => publicSubject(context, name)).toThrow(TypeError);
      expect(publicSubject(context, `user-${name}`)).toBe(`user-${name}`);
    },
  );
});

describe('the subject of tokens', () => {
  const [configured] = testClients;
  if (configured === undefined) throw new TypeError('There is a client.');
  const pairwise = {
    ...configured,
    metadata: { ...configured.metadata, subject_type: 'pairwise' },
  };
  const firstParty = 'https://own.example';
  const start = (own: Partial<AuthorizationServerOptions> = {}) =>
    testServer({
      clients: [pairwise],
      pairwiseSubjects: { salt },
      resources: [
        { resource: 'https://api.example.com' },
        { resource: firstParty, firstParty: true },
      ],
      ...own,
    });

  async function subjects(resources: readonly string[]) {
    const server = await start();
    const code = await savedCode(server.stores.grants, { resources });
    const { json } = await server.send(await tokenRequest(codeForm(code), { proofBy: clientKey }));
    return ['access_token', 'id_token'].map((name) => claimsIn(json[name])['sub']);
  }

  it('AS-181 is the same pairwise one in ID token and access token', async () => {
    const [inAccessToken, inIdToken] = await subjects([]);
    expect(inAccessToken).toBe(inIdToken);
    expect(inIdToken).toMatch(/^[\w-]{43}$/);
  });

  it('AS-181 is the user’s own at a resource of a first party, and there alone', async () => {
    const [inAccessToken, inIdToken] = await subjects([firstParty]);
    expect(inAccessToken).toBe('alice');
    expect(inIdToken).toMatch(/^[\w-]{43}$/);
  });

  it.each(['a'.repeat(256), 'ålice', 'client_abc'])(
    'AS-179 AS-124 is a fault of the host, and nothing is issued, where it is impossible: %#',
    async (localSubject) => {
      const accounts = { ...testAccounts, claimsOf: () => Promise.resolve({}) };
      const server = await testServer({ accounts });
      const code = await savedCode(server.stores.grants, { localSubject });
      const request = await tokenRequest(codeForm(code), { proofBy: clientKey });
      await expect(server.send(request)).rejects.toThrow(TypeError);
      const kept = await server.stores.grants.findCode(hash(code), T0);
      expect(kept?.redeemedAt).toBeUndefined();
      expect(kept).toBeDefined();
    },
  );
});
