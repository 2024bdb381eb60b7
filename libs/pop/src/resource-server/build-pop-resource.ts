import {
  ConfigurationError,
  guardedHttp,
  nonceModeOf,
  parseConfiguration,
  publicUrlOf,
  systemClock,
  type AuditLog,
} from '@keybound/core';
import type { Confirmation } from '../confirmation/confirmation.js';
import { dpopConfirmation } from '../confirmation/dpop-confirmation.js';
import { signedRequestConfirmation } from '../confirmation/signed-request-confirmation.js';
import { dpopPolicy } from '../dpop/dpop-policy.js';
import { bearerPresentation } from '../presentation/bearer-presentation.js';
import { dpopPresentation } from '../presentation/dpop-presentation.js';
import type { Presentation } from '../presentation/presentation.js';
import { signedRequestPresentation } from '../presentation/signed-request-presentation.js';
import { accessTokensOf } from './access-tokens-of.js';
import { confirmationKeysOf } from './confirmation-keys-of.js';
import { consoleAudit } from './console-audit.js';
import { checkConfiguration } from './check-configuration.js';
import { baseline, popOptions, type PopOptions } from './pop-options.schema.js';
import type { PopResource } from './pop-resource.js';
import { PopVerifier } from './pop-verifier.js';
import { protectedResourceMetadata } from './protected-resource-metadata.js';
import { signedRequestPolicyOf } from './signed-request-policy-of.js';
import { warnOfSiblings } from './warn-of-siblings.js';
import type { ResourcePolicy } from './resource-policy.js';

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
  const { resource, replay } = configuration;
  const nonces = nonceModeOf(configuration.nonces, 'resource server', resource);
  const presentations: Presentation[] = [bearerPresentation(configuration.bearerTransports)];
  const confirmations: Confirmation[] = [];
  if (configuration.dpop !== 'off') {
    presentations.push(dpopPresentation(dpopPolicy({ ...configuration.dpop, nonces })));
    confirmations.push(dpopConfirmation);
  }
  if (configuration.signedHttpRequest !== 'off') {
    const policy = signedRequestPolicyOf(configuration.signedHttpRequest, nonces);
    const keys = confirmationKeysOf(configuration.signedHttpRequest, http, clock);
    presentations.push(signedRequestPresentation(policy));
    confirmations.push(signedRequestConfirmation(policy, keys));
  }
  const policy: ResourcePolicy = {
    resource,
    presentations,
    confirmations,
    accessTokens: await accessTokensOf(configuration, http, clock),
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
