import {
  ConfigurationError,
  discoveredKeys,
  guardedHttp,
  parseConfiguration,
  publicUrlOf,
  remoteKeys,
  staticKeys,
  statelessNonces,
  systemClock,
  type AuditLog,
  type Clock,
  type KeySource,
  type NonceMode,
  type OutgoingHttp,
  type SignatureAlgorithmName,
} from '@keybound/core';
import { JwtAccessTokenVerifier } from '../access-token/jwt-access-token-verifier.js';
import type { TrustedIssuer } from '../access-token/trusted-issuer.js';
import { ConfirmationKeys, type JkuPolicy } from '../confirmation/confirmation-keys.js';
import type { Confirmation } from '../confirmation/confirmation.js';
import { dpopConfirmation } from '../confirmation/dpop-confirmation.js';
import { signedRequestConfirmation } from '../confirmation/signed-request-confirmation.js';
import { dpopPolicy } from '../dpop/dpop-policy.js';
import { bearerPresentation } from '../presentation/bearer-presentation.js';
import { dpopPresentation } from '../presentation/dpop-presentation.js';
import type { Presentation } from '../presentation/presentation.js';
import { signedRequestPresentation } from '../presentation/signed-request-presentation.js';
import type { SignedRequestPolicy } from '../signed-http-request/signed-request-policy.js';
import { consoleAudit } from './console-audit.js';
import { checkConfiguration } from './check-configuration.js';
import {
  baseline,
  popOptions,
  type PopConfiguration,
  type PopOptions,
} from './pop-options.schema.js';
import type { PopResource } from './pop-resource.js';
import { PopVerifier } from './pop-verifier.js';
import { protectedResourceMetadata } from './protected-resource-metadata.js';
import { warnOfSiblings } from './warn-of-siblings.js';
import type { ResourcePolicy } from './resource-policy.js';

const defaultTokenAlgorithms: readonly SignatureAlgorithmName[] = [
  'ES256',
  'ES384',
  'EdDSA',
  'Ed25519',
  'PS256',
  'RS256',
];

/**
 * Parses options, once, and builds the protected resource that they describe.
 *
 * @param defaultAudit Where refusals are told where the options name no `audit`.
 * @throws ConfigurationError that says what to change.
 */
export async function buildPopResource(
  options: PopOptions,
  defaultAudit: AuditLog = consoleAudit,
): Promise<PopResource> {
  const configuration = parseConfiguration('PoP', popOptions, withPreset(options));
  const publicUrl = publicUrlOf(configuration);
  if (publicUrl === undefined) {
    throw new ConfigurationError('PoP cannot start: set either publicBaseUrl or forwarded.');
  }
  checkConfiguration(configuration, publicUrl);
  const audit = configuration.audit ?? defaultAudit;
  const clock = configuration.clock ?? systemClock;
  const http = configuration.http ?? guardedHttp();
  const nonces = nonceMode(configuration);
  const presentations: Presentation[] = [bearerPresentation];
  const confirmations: Confirmation[] = [];
  if (configuration.dpop !== 'off') {
    presentations.push(dpopPresentation(dpopPolicy({ ...configuration.dpop, nonces })));
    confirmations.push(dpopConfirmation);
  }
  if (configuration.signedHttpRequest !== 'off') {
    const { jku, ...section } = configuration.signedHttpRequest;
    const policy: SignedRequestPolicy = {
      ...section,
      algorithms: new Set(section.algorithms),
      require: new Set(section.require),
      transports: new Set(section.transports),
      nonces,
    };
    presentations.push(signedRequestPresentation(policy));
    const keys = new ConfirmationKeys(jkuPolicy(jku, http, clock));
    confirmations.push(signedRequestConfirmation(policy, keys));
  }
  const { resource, audiences = [resource], replay } = configuration;
  const policy: ResourcePolicy = {
    resource,
    presentations,
    confirmations,
    accessTokens: new JwtAccessTokenVerifier({
      issuers: await Promise.all(
        configuration.issuers.map((issuer) => trustedIssuer(issuer, configuration, http, clock)),
      ),
      audiences,
      leewaySeconds: configuration.leewaySeconds,
    }),
    leewaySeconds: configuration.leewaySeconds,
    unboundTokens: configuration.unboundTokens,
    enforcement: configuration.enforcement,
    resourceMetadata: configuration.resourceMetadata,
    replay: replay === 'off' ? undefined : replay.store,
    audit,
    clock,
    explain: configuration.explain,
  };
  if (policy.replay !== undefined) warnOfSiblings(policy.replay, audit);
  return {
    verifier: new PopVerifier(policy),
    publicUrl,
    maxContentBytes: configuration.maxContentBytes,
    metadata: protectedResourceMetadata(configuration),
  };
}

function withPreset(options: PopOptions): object {
  if (!('preset' in options)) return options;
  const { preset, ...own } = options;
  if ((preset as string) !== 'baseline') {
    throw new ConfigurationError(`PoP cannot start: there is no preset "${preset as string}".`);
  }
  return { ...baseline, ...own };
}

function nonceMode({ nonces, resource }: PopConfiguration): NonceMode {
  if (nonces.mode === 'off' || 'server' in nonces) return nonces;
  const { secrets, lifetimeSeconds } = nonces;
  const server = statelessNonces({
    role: 'resource server',
    identifier: resource,
    secrets,
    lifetimeSeconds,
  });
  return { mode: 'required', server };
}

function jkuPolicy(
  jku: 'off' | { readonly allowedHosts: readonly string[] },
  http: OutgoingHttp,
  clock: Clock,
): JkuPolicy {
  if (jku === 'off') return { mode: 'off' };
  const keysOf = (url: string): KeySource => remoteKeys({ resolveUri: url, http, clock });
  return { mode: 'allowed-hosts', hosts: new Set(jku.allowedHosts), keysOf };
}

async function trustedIssuer(
  options: PopConfiguration['issuers'][number],
  { failureCooldownSeconds }: PopConfiguration,
  http: OutgoingHttp,
  clock: Clock,
): Promise<TrustedIssuer> {
  const { issuer, tokens, algorithms = defaultTokenAlgorithms } = options;
  return { issuer, keys: await keysOf(), algorithms: new Set(algorithms), tokens };

  async function keysOf(): Promise<KeySource> {
    if (options.keys !== undefined) return options.keys;
    if (options.jwks !== undefined) return staticKeys(options.jwks);
    return discoveredKeys(issuer, { http, clock, failureCooldownSeconds });
  }
}
