import {
  algorithmsOption,
  httpUrlOption,
  jwkOption,
  nonceOptions,
  portOption,
  positiveOption,
  publicUrlOptions,
  storeOption,
  type AuditLog,
  type Clock,
  type KeySource,
  type OutgoingHttp,
  type ReplayStore,
} from '@keybound/core';
import { z } from 'zod';
import type { TokenIntrospection } from '../access-token/token-introspection.js';
import type { TokenStatus } from '../access-token/token-status.js';
import type { KidResolver } from '../confirmation/key-by-name.js';

const headerName = z.string().regex(/^[a-z0-9!#$%&'*+\-.^_`|~]+$/, 'is a lower-case header name');

const dpop = z.strictObject({
  algorithms: algorithmsOption,
  /** How old a proof may be. */
  maxAgeSeconds: positiveOption,
  /** How far clocks may differ; added to both ends of the window. */
  clockSkewSeconds: positiveOption,
});

/** Where MSAL departs from the draft, one by one. */
const microsoftDetails = z.strictObject({
  /** A token may be bound by the thumbprint alone, of a key that comes with each request. */
  cnfReference: z.boolean(),
  pathComparison: z.enum(['exact', 'lenient']),
  /** A `q` that lists no name is no hash, and covers nothing. */
  emptyQueryList: z.enum(['verified', 'ignored']),
  nextNonce: z.enum(['plain', 'after-scheme']),
});

const symmetricKeys = z.strictObject({
  /** Private JWKs to which issuers encrypt `cnf.jwe`, each with its `kid`. */
  decryptionKeys: z.array(jwkOption).min(1).max(10),
  /** CNF-10: requests with neither `nonce` nor `jti`; `remembered` takes the same text once. */
  unidentified: z.enum(['refused', 'remembered']).default('refused'),
});

const signedHttpRequest = z.strictObject({
  algorithms: algorithmsOption,
  /** Members that must be there beside `at`. */
  require: z.array(z.enum(['ts', 'm', 'u', 'p', 'q', 'h', 'b', 'nonce'])),
  requireBody: z.enum(['never', 'when-present']),
  maxAgeSeconds: positiveOption,
  futureSkewSeconds: positiveOption,
  transports: z.array(z.enum(['header', 'form', 'query'])).min(1),
  rejectUnsignedQuery: z.boolean(),
  requiredHeaders: z.array(headerName),
  requirePort: z.boolean(),
  replay: z.enum(['when-identified', 'strict']),
  /** Hosts that `cnf.jku` may name; `off` refuses it. */
  jku: z.union([
    z.literal('off'),
    z.strictObject({ allowedHosts: z.array(z.string().toLowerCase()).min(1) }),
  ]),
  /** Takes HS256 too, only by keys that arrive in `cnf.jwe`. */
  symmetricKeys: z.union([z.literal('off'), symmetricKeys]).default('off'),
  /** `microsoft` takes the requests of MSAL. */
  profile: z.union([z.enum(['standard', 'microsoft']), microsoftDetails]).default('standard'),
  /** Finds the key that an issuer means by `cnf.kid`. */
  resolveKid: z
    .custom<KidResolver>((value) => typeof value === 'function', 'must be a function')
    .optional(),
});

/** How an issuer is asked about its reference tokens. RFC 7662. */
const introspection = z.strictObject({
  /** In process a port of one's own, or the issuer's endpoint. */
  by: z.union([
    portOption<TokenIntrospection>('introspect'),
    z.strictObject({
      endpoint: httpUrlOption,
      clientId: z.string().min(1),
      clientSecret: z.string().min(1),
      /** Believes signed responses alone (RFC 9701). */
      signed: z.boolean().default(false),
    }),
  ]),
  /** AS-147: 0 asks with every request. */
  cacheSeconds: z.number().int().min(0).max(60).default(0),
});

const describedIssuer = z.strictObject({
  issuer: httpUrlOption,
  /** A JWK Set; by discovery where neither this nor `keys` is given. */
  jwks: z.object({ keys: z.array(z.unknown()).min(1) }).optional(),
  /** A source of keys of one's own, instead. */
  keys: portOption<KeySource>('find', 'has').optional(),
  algorithms: algorithmsOption.optional(),
  /** `untyped` for issuers that predate RFC 9068. */
  tokens: z.enum(['rfc9068', 'untyped']).default('rfc9068'),
  /** Whether a verified token was revoked, of an issuer in the same process. */
  status: portOption<TokenStatus>('isActive').optional(),
  /** For tokens that are no JWTs; they say not whose they are, so one issuer at most has this. */
  introspection: introspection.optional(),
});

/** A trusted issuer: its identifier alone, or with what cannot be discovered. */
const issuer = z.union([
  httpUrlOption.transform((name) => describedIssuer.parse({ issuer: name })),
  describedIssuer,
]);

/** Options of a protected resource. Units are in the names. */
export const popOptions = z.strictObject({
  /** What is refused at start-up, and how much is told. */
  deployment: z.enum(['production', 'development']),
  /** The resource identifier (RFC 9728 §1.2), printed verbatim and expected in `aud`. */
  resource: z.string().min(1),
  /** What `aud` may say instead; the resource identifier where absent. */
  audiences: z.array(z.string()).min(1).optional(),
  ...publicUrlOptions,
  issuers: z.array(issuer).min(1),
  /** Where used proofs are remembered. `off` accepts replays. */
  replay: z.union([z.literal('off'), z.strictObject({ store: storeOption<ReplayStore>('claim') })]),
  nonces: nonceOptions,
  dpop: z.union([z.literal('off'), dpop]),
  signedHttpRequest: z.union([z.literal('off'), signedHttpRequest]),
  /** Whether a token that is bound to no key is taken under `Bearer`. */
  unboundTokens: z.enum(['refused', 'accepted']),
  /** Where an unbound token may stand: `form` also takes `access_token` in a POST (RFC 6750 §2.2). */
  bearerTransports: z
    .array(z.enum(['header', 'form']))
    .min(1)
    .default(['header']),
  enforcement: z.enum(['enforce', 'report']),
  /** Whether a refused peer may read why. Never in production. */
  explain: z.boolean(),
  /** How far the issuer's clock may differ. */
  leewaySeconds: positiveOption,
  /** Most octets of content that are kept to be hashed. */
  maxContentBytes: positiveOption,
  /** The URL of the RFC 9728 metadata, named in challenges. */
  resourceMetadata: z.string().optional(),
  audit: portOption<AuditLog>('record').optional(),
  clock: portOption<Clock>('now').optional(),
  /** How issuers are reached; the guarded default where absent. */
  http: portOption<OutgoingHttp>('get').optional(),
  /** How long an issuer that could not be reached is left alone. */
  failureCooldownSeconds: positiveOption.default(30),
});

export type PopConfiguration = z.output<typeof popOptions>;
type FullPopOptions = z.input<typeof popOptions>;

/**
 * What the `baseline` preset decides: every check on, each stated here and nowhere else.
 */
export const baseline = {
  nonces: { mode: 'off' },
  dpop: {
    algorithms: ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256'],
    maxAgeSeconds: 60,
    clockSkewSeconds: 30,
  },
  signedHttpRequest: {
    algorithms: ['ES256', 'ES384', 'EdDSA', 'Ed25519', 'PS256', 'RS256'],
    require: ['ts', 'm', 'u', 'p'],
    requireBody: 'when-present',
    maxAgeSeconds: 300,
    futureSkewSeconds: 60,
    transports: ['header'],
    rejectUnsignedQuery: false,
    requiredHeaders: [],
    requirePort: false,
    replay: 'when-identified',
    jku: 'off',
    symmetricKeys: 'off',
    profile: 'standard',
  },
  unboundTokens: 'refused',
  enforcement: 'enforce',
  explain: false,
  leewaySeconds: 30,
  maxContentBytes: 1_048_576,
} as const satisfies Partial<FullPopOptions>;

/** With `preset: 'baseline'`, whatever it decides may be left out or replaced, section by section. */
export type PopOptions =
  | FullPopOptions
  | ({ readonly preset: 'baseline' } & Omit<FullPopOptions, keyof typeof baseline> &
      Partial<Pick<FullPopOptions, keyof typeof baseline>>);
