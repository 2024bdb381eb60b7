import {
  algorithmsOption,
  httpUrlOption,
  jwkOption,
  nonceOptions,
  portOption,
  positiveOption,
  publicUrlOptions,
  signatureAlgorithmNames,
  storeOption,
  type AuditLog,
  type Clock,
  type OutgoingHttp,
  type ReplayStore,
} from '@keybound/core';
import { z } from 'zod';
import type { ClientRelaxation } from '../extension/client.js';
import type { SigningKeys } from '../keys/signing-keys.js';
import type { AuthorizationServerStores } from '../storage/stores.js';
import type { Accounts } from './accounts.js';

const scopeName = z.string().regex(/^[!#-[\]-~]+$/, 'is a scope name (RFC 6749 §3.3)');

const relaxations = [
  'optional-pkce',
  'unbound-access-tokens',
  'legacy-token-endpoint-audience',
  'refresh-without-offline-access',
] as const satisfies readonly ClientRelaxation[];

/** A client that is known by configuration. */
const configuredClient = z.strictObject({
  client_id: z.string().min(1).max(256),
  /** RFC 7591 metadata, parsed like a registration. */
  metadata: z.record(z.string(), z.unknown()),
  /** At least 256 random bits each; two while one is rotated (AS-82). */
  secrets: z.array(z.string().min(32)).max(2).default([]),
  standing: z.enum(['first-party', 'verified']).default('verified'),
  relaxations: z.array(z.enum(relaxations)).default([]),
  /** Resources that it is: it may introspect the tokens that are for them (AS-143). */
  introspects: z.array(z.string().min(1)).default([]),
});

/** A resource server that tokens are issued for. RFC 8707, RFC 9728. */
const resource = z.strictObject({
  /** Its identifier, as in `aud`. */
  resource: z.string().min(1),
  /** Scopes that mean something there; every scope where absent. */
  scopes: z.array(scopeName).optional(),
  accessTokens: z.enum(['jwt', 'reference']).default('jwt'),
  /** Signature algorithms of proofs that it takes; the server's own where absent. KD-04, KD-15. */
  proofAlgorithms: algorithmsOption.optional(),
  /** Its public encryption key: tokens for it may be bound to symmetric keys. KD-09. */
  encryptionKey: jwkOption.optional(),
  /** The key by which it authenticates itself: `rs_cnf`. KD-19. */
  confirmation: jwkOption.optional(),
  /** Sees the user's own `sub` and not the client's pairwise one. AS-181. */
  firstParty: z.boolean().default(false),
});

const limit = z.strictObject({ limit: positiveOption, windowSeconds: positiveOption });

/** Options of an authorization server. Units are in the names; wire times are seconds. */
export const authorizationServerOptions = z.strictObject({
  deployment: z.enum(['production', 'development']),
  /** Verbatim in `iss`. https, without query and fragment (AS-201). */
  issuer: httpUrlOption,
  /** Lets `issuer` be http, on a loopback host, in development. */
  loopbackIdentifiers: z.boolean().default(false),
  ...publicUrlOptions,
  stores: z.strictObject({
    grants: storeOption<AuthorizationServerStores['grants']>('redeemCode', 'useRefreshToken'),
    clients: storeOption<AuthorizationServerStores['clients']>('add', 'find', 'replace', 'remove'),
    sessions: storeOption<AuthorizationServerStores['sessions']>('start', 'find', 'end'),
    counters: storeOption<AuthorizationServerStores['counters']>('count', 'reset'),
  }),
  replay: z.strictObject({ store: storeOption<ReplayStore>('claim') }),
  keys: portOption<SigningKeys>('current', 'published'),
  accounts: portOption<Accounts>('claimsOf'),
  clients: z.array(configuredClient).default([]),
  /** Scopes, each with the claims that it releases (AS-177). `openid` and `offline_access` are built in. */
  scopes: z.record(scopeName, z.array(z.string())),
  resources: z.array(resource).default([]),
  /** `aud` where a request names no `resource`; the issuer alone where absent. AS-131. */
  defaultAudiences: z.array(z.string()).min(1).optional(),
  acrValues: z.array(z.string()).default([]),
  accessTokens: z
    .strictObject({
      lifetimeSeconds: positiveOption.default(300),
      /** AS-122: over 15 minutes only by saying so. */
      allowLongLifetime: z.boolean().default(false),
      /** AS-77: every token is bound to a key. */
      requireProof: z.boolean().default(true),
      algorithm: z.enum(signatureAlgorithmNames).default('ES256'),
    })
    .prefault({}),
  idTokens: z.strictObject({ lifetimeSeconds: positiveOption.default(300) }).prefault({}),
  codes: z
    .strictObject({
      lifetimeSeconds: positiveOption.max(60).default(60),
      /** AS-65: wrong verifiers until the code is burnt. */
      maxFailures: positiveOption.default(5),
    })
    .prefault({}),
  refreshTokens: z
    .strictObject({
      idleSeconds: positiveOption.default(1_209_600),
      absoluteSeconds: positiveOption.default(2_592_000),
      /** AS-72; 0 switches it off. */
      graceSeconds: z.number().int().min(0).max(60).default(10),
    })
    .prefault({}),
  pushedRequests: z
    .strictObject({
      lifetimeSeconds: positiveOption.min(5).max(600).default(60),
      required: z.boolean().default(false),
    })
    .prefault({}),
  requestObjects: z
    .union([
      z.literal('off'),
      z.strictObject({
        required: z.boolean().default(false),
        algorithms: algorithmsOption.default(['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519']),
      }),
    ])
    .prefault({}),
  clientAssertions: z
    .strictObject({
      algorithms: algorithmsOption.default([
        'ES256',
        'ES384',
        'PS256',
        'RS256',
        'EdDSA',
        'Ed25519',
      ]),
      /** AS-87: only `client-authentication+jwt`. */
      strictTyp: z.boolean().default(false),
    })
    .prefault({}),
  dpop: z
    .union([
      z.literal('off'),
      z.strictObject({
        algorithms: algorithmsOption.default(['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256']),
        maxAgeSeconds: positiveOption.default(60),
        clockSkewSeconds: positiveOption.default(30),
      }),
    ])
    .prefault({}),
  nonces: nonceOptions.default({ mode: 'off' }),
  keyDistribution: z
    .union([
      z.literal('off'),
      z.strictObject({
        dialects: z
          .array(z.enum(['kd-01', 'kd-07', 'microsoft']))
          .min(1)
          .default(['kd-01', 'kd-07']),
        /** KD-16: the dialects in which possession is shown in the token request already. */
        requireKeyProof: z.array(z.enum(['kd-01', 'kd-07', 'microsoft'])).default(['kd-07']),
        algorithms: algorithmsOption.default([
          'ES256',
          'ES384',
          'EdDSA',
          'Ed25519',
          'PS256',
          'RS256',
        ]),
        /** KD-08: the server makes keys for clients that ask for none of their own. */
        symmetric: z.boolean().default(false),
      }),
    ])
    .default('off'),
  registration: z
    .union([
      z.literal('off'),
      z.strictObject({
        /** Anybody, or bearers of one of these initial access tokens (base64url SHA-256 of each). */
        access: z.union([
          z.literal('open'),
          z.strictObject({ initialAccessTokenHashes: z.array(z.string().length(43)).min(1) }),
        ]),
        /** AS-216. */
        unusedLifetimeSeconds: positiveOption.default(86_400),
        /** AS-218: what `dpop_bound_access_tokens` is where a client does not say. */
        dpopBoundByDefault: z.boolean().default(true),
        /**
         * Each alone: registrations of one address and of one initial access token, changes of one client.
         */
        limit: limit.default({ limit: 20, windowSeconds: 3_600 }),
      }),
    ])
    .default('off'),
  interactions: z.strictObject({
    /** Where the host asks its users. @param id To be put into the URL as it is. */
    url: z.custom<(id: string) => string>(
      (value) => typeof value === 'function',
      'must be a function',
    ),
    lifetimeSeconds: positiveOption.default(600),
  }),
  sessions: z
    .strictObject({
      idleSeconds: positiveOption.default(86_400),
      absoluteSeconds: positiveOption.default(1_209_600),
    })
    .prefault({}),
  /**
   * OIDC-05: what WebFinger answers by. Whoever asks may try names, so that `off` is the default; a name
   * is what stands in front of the `@`, which need not be what tokens name the user by.
   */
  webFinger: z
    .union([
      z.literal('off'),
      z.strictObject({
        hasAccount: z.custom<(name: string) => Promise<boolean>>(
          (value) => typeof value === 'function',
          'must be a function',
        ),
      }),
    ])
    .default('off'),
  /** AS-180: `off`, or the salt from which pairwise subjects are made, at least 256 bits. */
  pairwiseSubjects: z
    .union([z.literal('off'), z.strictObject({ salt: z.string().min(32) })])
    .default('off'),
  /** AS-91: failed authentications, for one client and for one address. */
  failedAuthentications: limit.default({ limit: 100, windowSeconds: 60 }),
  explain: z.boolean().default(false),
  audit: portOption<AuditLog>('record').optional(),
  clock: portOption<Clock>('now').optional(),
  http: portOption<OutgoingHttp>('get').optional(),
});

export type AuthorizationServerOptions = z.input<typeof authorizationServerOptions>;
export type AuthorizationServerConfiguration = z.output<typeof authorizationServerOptions>;
