import {
  publicUrlOptions,
  signatureAlgorithmNames,
  splitHttpUrl,
  type AuditLog,
  type Clock,
  type KeySource,
  type OutgoingHttp,
  type ReplayStore,
  type ServerNonces,
} from '@keybound/core';
import { z } from 'zod';

const algorithms = z.array(z.enum(signatureAlgorithmNames)).min(1);
const duration = z.number().int().positive();
const headerName = z.string().regex(/^[a-z0-9!#$%&'*+\-.^_`|~]+$/, 'is a lower-case header name');

function having<Port>(...methods: string[]) {
  const isPort = (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
  return z.custom<Port>(isPort, `must be an object with ${methods.join(' and ')}()`);
}

const replayStore = z.custom<ReplayStore>(
  (value) => isReplayStore(value),
  "must be a ReplayStore, with claim() and sharing: 'process' or 'shared'",
);

function isReplayStore(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { claim, sharing } = value as { readonly claim?: unknown; readonly sharing?: unknown };
  return typeof claim === 'function' && (sharing === 'process' || sharing === 'shared');
}

const httpUrl = z
  .string()
  .refine((text) => splitHttpUrl(text) !== undefined, 'must be an absolute http(s) URL');

const dpop = z.strictObject({
  algorithms,
  /** How old a proof may be. */
  maxAgeSeconds: duration,
  /** How far clocks may differ; added to both ends of the window. */
  clockSkewSeconds: duration,
});

const signedHttpRequest = z.strictObject({
  algorithms,
  /** Members that must be there beside `at`. */
  require: z.array(z.enum(['ts', 'm', 'u', 'p', 'q', 'h', 'b', 'nonce'])),
  requireBody: z.enum(['never', 'when-present']),
  maxAgeSeconds: duration,
  futureSkewSeconds: duration,
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
});

const describedIssuer = z.strictObject({
  issuer: httpUrl,
  /** A JWK Set; by discovery where neither this nor `keys` is given. */
  jwks: z.object({ keys: z.array(z.unknown()).min(1) }).optional(),
  /** A source of keys of one's own, instead. */
  keys: having<KeySource>('find', 'has').optional(),
  algorithms: algorithms.optional(),
  /** `untyped` for issuers that predate RFC 9068. */
  tokens: z.enum(['rfc9068', 'untyped']).default('rfc9068'),
});

/** A trusted issuer: its identifier alone, or with what cannot be discovered. */
const issuer = z.union([
  httpUrl.transform((name) => describedIssuer.parse({ issuer: name })),
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
  replay: z.union([z.literal('off'), z.strictObject({ store: replayStore })]),
  nonces: z.union([
    z.strictObject({ mode: z.literal('off') }),
    /** Nonces of one's own making, single-use ones say. */
    z.strictObject({
      mode: z.literal('required'),
      server: having<ServerNonces>('issue', 'check'),
    }),
    z.strictObject({
      mode: z.literal('required'),
      /** The current secret, and the previous one while it is rotated; the same on all instances. */
      secrets: z.array(z.string().min(32)).min(1).max(2),
      lifetimeSeconds: duration.default(300),
    }),
  ]),
  dpop: z.union([z.literal('off'), dpop]),
  signedHttpRequest: z.union([z.literal('off'), signedHttpRequest]),
  /** Whether a token that is bound to no key is taken under `Bearer`. */
  unboundTokens: z.enum(['refused', 'accepted']),
  enforcement: z.enum(['enforce', 'report']),
  /** Whether a refused peer may read why. Never in production. */
  explain: z.boolean(),
  /** How far the issuer's clock may differ. */
  leewaySeconds: duration,
  /** Most octets of content that are kept to be hashed. */
  maxContentBytes: duration,
  /** The URL of the RFC 9728 metadata, named in challenges. */
  resourceMetadata: z.string().optional(),
  audit: having<AuditLog>('record').optional(),
  clock: having<Clock>('now').optional(),
  /** How issuers are reached; the guarded default where absent. */
  http: having<OutgoingHttp>('get').optional(),
  /** How long an issuer that could not be reached is left alone. */
  failureCooldownSeconds: duration.default(30),
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
