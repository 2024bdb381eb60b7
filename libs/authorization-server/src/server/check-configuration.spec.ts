import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, generateSigner, InMemoryReplayStore } from '@keybound/core';
import { RecordedAudit, authorizationServerOptions, publicPart, otherKey } from '@keybound/testing';
import { generatedSigningKeys } from '../keys/generated-signing-keys.js';
import { signingKeysFrom } from '../keys/signing-keys-from.js';
import { inMemoryStores } from '../storage/in-memory-stores.js';
import { buildAuthorizationServer } from './build-authorization-server.js';
import type { AuthorizationServerOptions } from './options.schema.js';

const file = new URL(
  '../../../../test/vectors/authorization-server/as-metadata.json',
  import.meta.url,
);
const { badIssuers, wellKnown } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly badIssuers: readonly string[];
  readonly wellKnown: readonly { readonly issuer: string }[];
};

const base = await authorizationServerOptions();
const start = (own: Partial<AuthorizationServerOptions> = {}) =>
  buildAuthorizationServer({ ...base, ...own });

/** What several instances would be given, as far as the check can tell. */
function shared<T extends object>(store: T): T {
  return Object.defineProperty(store, 'sharing', { value: 'shared' });
}
const { grants, clients, sessions, counters } = inMemoryStores();
const production: Partial<AuthorizationServerOptions> = {
  deployment: 'production',
  stores: {
    grants: shared(grants),
    clients: shared(clients),
    sessions: shared(sessions),
    counters: shared(counters),
  },
  replay: { store: shared(new InMemoryReplayStore()) },
  keys: await signingKeysFrom([await generateSigner('ES256')]),
};

describe('the issuer', () => {
  it.each(badIssuers)('AS-201 INV-9 refuses [%s]', async (issuer) => {
    await expect(start({ issuer })).rejects.toThrow(ConfigurationError);
    await expect(start({ issuer })).rejects.toThrow(/issuer/);
  });

  it.each(wellKnown.map(({ issuer }) => issuer))('AS-201 takes [%s]', async (issuer) => {
    expect((await start({ issuer })).issuer).toBe(issuer);
  });

  it.each([
    'https://AS.example.com',
    'https://as.example.com:443',
    'https://as.example.com/a//b',
    'https://as.example.com/%7Ea',
    'https://as.example.com/./a',
    'https://as.example.com?',
    'https://as.example.com#',
    'https:as.example.com',
    'ftp://as.example.com',
    '',
  ])('AS-201 refuses %s, which can be written in another way', async (issuer) => {
    await expect(start({ issuer })).rejects.toThrow(/issuer/);
  });

  it.each([
    'http://localhost:3000',
    'http://127.0.0.1:3000',
    'http://127.1.2.3',
    'http://[::1]:3000/a',
  ])('AS-201 THR-84 takes %s in development, where it is told to', async (issuer) => {
    const { issuer: taken } = await start({ issuer, loopbackIdentifiers: true });
    expect(taken).toBe(issuer);
    await expect(start({ issuer })).rejects.toThrow(/must be https/);
    await expect(start({ ...production, issuer, loopbackIdentifiers: true })).rejects.toThrow(
      /loopbackIdentifiers is for development/,
    );
  });

  it.each(['http://as.example.com', 'http://localhost.example.com', 'http://127.0.0.1.example'])(
    'AS-201 refuses http for %s, which is not loopback',
    async (issuer) => {
      await expect(start({ issuer, loopbackIdentifiers: true })).rejects.toThrow(/must be https/);
    },
  );
});

describe('where it is reached', () => {
  const issuer = 'https://as.example.com/auth';

  it.each([undefined, 'https://as.example.com', 'https://as.example.com/auth', `${issuer}/`])(
    'AS-202 takes the public base URL %s for an issuer with a path',
    async (publicBaseUrl) => {
      const own = publicBaseUrl === undefined ? {} : { publicBaseUrl };
      expect((await start({ issuer, ...own })).issuer).toBe(issuer);
    },
  );

  it.each([
    'https://other.example.com',
    'http://as.example.com',
    'https://as.example.com/aut',
    'https://as.example.com/auth/more',
    'https://as.example.com/other',
  ])('AS-202 refuses the public base URL %s, under which nobody would find it', async (url) => {
    await expect(start({ issuer, publicBaseUrl: url })).rejects.toThrow(/publicBaseUrl/);
  });

  it('AS-202 wants the proxy to allow the host of the issuer', async () => {
    const forwarded = {
      trustedProxies: ['127.0.0.1'],
      allowedHosts: ['as.example.com'],
      fields: 'forwarded' as const,
    };
    expect((await start({ issuer, forwarded })).publicUrl.kind).toBe('forwarded');
    const other = { ...forwarded, allowedHosts: ['other.example.com'] };
    await expect(start({ issuer, forwarded: other })).rejects.toThrow(/allowedHosts/);
    const both = start({ issuer, forwarded, publicBaseUrl: issuer });
    await expect(both).rejects.toThrow(/not both/);
  });
});

describe('what does not go together', () => {
  it('AS-122 refuses access tokens that live longer than 15 minutes, unless told so', async () => {
    const lasting = (lifetimeSeconds: number, allowLongLifetime = false) =>
      start({ accessTokens: { lifetimeSeconds, allowLongLifetime } });
    await expect(lasting(901)).rejects.toThrow(/AS-122/);
    await expect(lasting(900)).resolves.toBeDefined();
    await expect(lasting(3_600, true)).resolves.toBeDefined();
  });

  it('INV-9 refuses to sign by an algorithm without a key', async () => {
    const accessTokens = { algorithm: 'PS512' as const };
    await expect(start({ accessTokens })).rejects.toThrow(/no key for .*PS512/);
  });

  it.each(['accessTokens', 'idTokens'] as const)(
    'AS-207 THR-64 refuses %s that outlive the publication of a retired key',
    async (name) => {
      const keys = await generatedSigningKeys({ algorithms: ['ES256'], retireAfterSeconds: 600 });
      const lasting = (lifetimeSeconds: number) => start({ keys, [name]: { lifetimeSeconds } });
      await expect(lasting(600)).resolves.toBeDefined();
      await expect(lasting(601)).rejects.toThrow(`${name}.lifetimeSeconds is 601`);
      await expect(lasting(601)).rejects.toThrow(/raise retireAfterSeconds/);
    },
  );

  it('INV-9 refuses to bind every token where nothing can be bound', async () => {
    const off = { dpop: 'off' as const, keyDistribution: 'off' as const };
    await expect(start(off)).rejects.toThrow(/AS-77/);
    await expect(start({ ...off, accessTokens: { requireProof: false } })).resolves.toBeDefined();
  });

  it('INV-9 refuses symmetric keys that no resource could be sent', async () => {
    const keyDistribution = { symmetric: true };
    await expect(start({ keyDistribution })).rejects.toThrow(/encryptionKey/);
    const resources = [
      {
        resource: 'https://api.example.com',
        scopes: ['api:read'],
        encryptionKey: publicPart(otherKey),
      },
    ];
    await expect(start({ keyDistribution, resources })).resolves.toBeDefined();
  });

  it('INV-9 refuses a client or a resource that is there twice', async () => {
    const [client] = base.clients ?? [];
    if (client === undefined) throw new Error('no client');
    await expect(start({ clients: [client, client] })).rejects.toThrow(
      /clients has public-1 twice/,
    );
    const resource = { resource: 'https://api.example.com' };
    const resources = [resource, { ...resource }];
    await expect(start({ resources })).rejects.toThrow(/resources has .* twice/);
  });

  it('INV-9 tells of every problem at once, and of options that it does not know', async () => {
    const wrong = start({
      issuer: 'http://as.example.com',
      accessTokens: { lifetimeSeconds: 901 },
    });
    await expect(wrong).rejects.toThrow(/https[^]*AS-122/);
    const unknown = { expalin: true } as Partial<AuthorizationServerOptions>;
    await expect(start(unknown)).rejects.toThrow(/expalin/);
  });

  it.each(['stores', 'replay', 'keys', 'accounts', 'issuer', 'deployment'] as const)(
    'INV-9 refuses to start without %s',
    async (name) => {
      const { [name]: _missing, ...rest } = base;
      const started = buildAuthorizationServer(rest as AuthorizationServerOptions);
      await expect(started).rejects.toThrow(new RegExp(`- ${name}`));
    },
  );
});

describe('production', () => {
  it('THR-84 AS-272 starts with what instances share', async () => {
    await expect(start(production)).resolves.toBeDefined();
  });

  it.each(['grants', 'clients', 'sessions', 'counters'] as const)(
    'THR-84 AS-272 refuses %s that one process keeps for itself',
    async (name) => {
      const stores = { ...production.stores, [name]: inMemoryStores()[name] };
      const started = start({ ...production, stores: stores as typeof base.stores });
      await expect(started).rejects.toThrow(new RegExp(`the ${name} store`));
    },
  );

  it('THR-84 AS-272 refuses a replay store that one process keeps for itself', async () => {
    const replay = { store: new InMemoryReplayStore() };
    await expect(start({ ...production, replay })).rejects.toThrow(/the replay store/);
  });

  it('THR-84 AS-272 refuses signing keys that end with the process', async () => {
    await expect(start({ ...production, keys: base.keys })).rejects.toThrow(/keys end with/);
  });

  it('THR-84 AS-273 refuses to explain', async () => {
    await expect(start({ ...production, explain: true })).rejects.toThrow(/explain/);
  });
});

describe('what is unwise', () => {
  async function warnings(own: Partial<AuthorizationServerOptions>) {
    const audit = new RecordedAudit();
    await start({ ...own, audit });
    return audit.events.map(({ kind, requirement }) => [kind, requirement]);
  }
  const long = { accessTokens: { lifetimeSeconds: 3_601, allowLongLifetime: true } };

  it('DPOP-43 warns of long-lived tokens without nonces', async () => {
    expect(await warnings(long)).toEqual([['warning', 'DPOP-43']]);
  });

  it('DPOP-43 says nothing of an hour, or where nonces are required', async () => {
    const accessTokens = { ...long.accessTokens, lifetimeSeconds: 3_600 };
    expect(await warnings({ accessTokens })).toEqual([]);
    const nonces = { mode: 'required' as const, secrets: ['n'.repeat(32)] };
    expect(await warnings({ ...long, nonces })).toEqual([]);
  });
});
