import {
  ConfigurationError,
  discoveredKeys,
  staticKeys,
  type Clock,
  type KeySource,
  type OutgoingForms,
  type OutgoingHttp,
  type SignatureAlgorithmName,
} from '@keybound/core';
import { byFormOfToken } from '../access-token/by-form-of-token.js';
import { IntrospectedAccessTokens } from '../access-token/introspected-access-tokens.js';
import { JwtAccessTokenVerifier } from '../access-token/jwt-access-token-verifier.js';
import { remoteIntrospection } from '../access-token/remote-introspection.js';
import type { TokenIntrospection } from '../access-token/token-introspection.js';
import type { TrustedIssuer } from '../access-token/trusted-issuer.js';
import type { AccessTokenVerifier } from '../access-token/verified-access-token.js';
import type { PopConfiguration } from './pop-options.schema.js';

type IssuerConfiguration = PopConfiguration['issuers'][number];

const defaultTokenAlgorithms: readonly SignatureAlgorithmName[] = [
  'ES256',
  'ES384',
  'EdDSA',
  'Ed25519',
  'PS256',
  'RS256',
];

/** The verifier of every token that the configured issuers may have issued. */
export async function accessTokensOf(
  configuration: PopConfiguration,
  http: OutgoingHttp,
  clock: Clock,
): Promise<AccessTokenVerifier> {
  const { issuers: described, leewaySeconds, resource, audiences = [resource] } = configuration;
  const issuers = await Promise.all(
    described.map((issuer) => trustedIssuer(issuer, configuration, http, clock)),
  );
  const jwts = new JwtAccessTokenVerifier({ issuers, audiences, leewaySeconds });
  const at = described.findIndex(({ introspection }) => introspection !== undefined);
  const [asked, issuer] = [described[at]?.introspection, issuers[at]];
  if (asked === undefined || issuer === undefined) return jwts;
  const references = new IntrospectedAccessTokens({
    issuer: issuer.issuer,
    introspection: introspectionBy(asked.by, issuer, http),
    audiences,
    leewaySeconds,
    cacheSeconds: asked.cacheSeconds,
  });
  return byFormOfToken(jwts, references);
}

function introspectionBy(
  by: NonNullable<IssuerConfiguration['introspection']>['by'],
  issuer: TrustedIssuer,
  http: OutgoingHttp,
): TokenIntrospection {
  if (!('endpoint' in by)) return by;
  if (!postsForms(http)) {
    throw new ConfigurationError('PoP cannot start: introspection needs an http with postForm().');
  }
  const { signed, ...endpoint } = by;
  return remoteIntrospection({ ...endpoint, http, signedBy: signed ? issuer : undefined });
}

function postsForms(http: OutgoingHttp): http is OutgoingHttp & OutgoingForms {
  return 'postForm' in http && typeof http.postForm === 'function';
}

async function trustedIssuer(
  options: IssuerConfiguration,
  { failureCooldownSeconds }: PopConfiguration,
  http: OutgoingHttp,
  clock: Clock,
): Promise<TrustedIssuer> {
  const { issuer, tokens, status, algorithms = defaultTokenAlgorithms } = options;
  return { issuer, keys: await keysOf(), algorithms: new Set(algorithms), tokens, status };

  async function keysOf(): Promise<KeySource> {
    if (options.keys !== undefined) return options.keys;
    if (options.jwks !== undefined) return staticKeys(options.jwks);
    return discoveredKeys(issuer, { http, clock, failureCooldownSeconds });
  }
}
