import { ConfigurationError, type PublicUrl } from '@keybound/core';
import type { PopConfiguration } from './pop-options.schema.js';

/**
 * Refuses options that are sound one by one and not together, and in production what is meant for
 * development. THR-84.
 *
 * @throws ConfigurationError that lists every reason.
 */
export function checkConfiguration(configuration: PopConfiguration, publicUrl: PublicUrl): void {
  const problems = [...contradictions(configuration)];
  if (configuration.deployment === 'production') {
    problems.push(...unfitForProduction(configuration, publicUrl));
  }
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `  - ${problem}`).join('\n');
  throw new ConfigurationError(`PoP cannot start in ${configuration.deployment}:\n${lines}`);
}

function* contradictions(configuration: PopConfiguration): Generator<string> {
  const { dpop, signedHttpRequest, unboundTokens, nonces, issuers } = configuration;
  if (dpop === 'off' && signedHttpRequest === 'off' && unboundTokens === 'refused') {
    yield 'dpop and signedHttpRequest are both off, so that nobody could be admitted; switch one on';
  }
  const undated = signedHttpRequest !== 'off' && !signedHttpRequest.require.includes('ts');
  if (undated && nonces.mode === 'off') {
    yield 'signedHttpRequest.require lacks ts, which only server nonces can replace; add it, or require nonces';
  }
  const names = issuers.map(({ issuer }) => issuer);
  for (const name of new Set(names.filter((issuer, at) => names.indexOf(issuer) !== at))) {
    yield `the issuer ${name} is listed twice; keep one`;
  }
  if (issuers.filter(({ introspection }) => introspection !== undefined).length > 1) {
    yield 'several issuers have introspection, and a reference token does not say whose it is; keep one';
  }
  for (const { issuer, jwks, keys } of issuers) {
    if (jwks !== undefined && keys !== undefined) {
      yield `the issuer ${issuer} has both jwks and keys; keep one`;
    }
  }
}

function* unfitForProduction(
  { explain, replay, issuers }: PopConfiguration,
  publicUrl: PublicUrl,
): Generator<string> {
  if (explain) yield 'explain tells attackers why they failed; set it to false';
  if (replay === 'off') {
    yield 'replay is off, so that a captured proof works again; give a store';
  } else if (replay.store.sharing === 'process') {
    yield 'the replay store is known to one process only; give one that instances share';
  }
  if (publicUrl.kind === 'configured' && publicUrl.base.origin.startsWith('http:')) {
    yield 'publicBaseUrl must be https';
  }
  for (const { issuer, introspection } of issuers) {
    if (!issuer.startsWith('https://')) yield `the issuer ${issuer} must be https`;
    const by = introspection?.by;
    if (by !== undefined && 'endpoint' in by && !by.endpoint.startsWith('https://')) {
      yield `the introspection endpoint ${by.endpoint} must be https`;
    }
  }
}
