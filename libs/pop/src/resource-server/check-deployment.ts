import { ConfigurationError, type PublicUrl } from '@keybound/core';
import type { PopConfiguration } from './pop-options.schema.js';

/**
 * Refuses in production what is meant for development. THR-84.
 *
 * @throws ConfigurationError that lists every reason.
 */
export function checkDeployment(configuration: PopConfiguration, publicUrl: PublicUrl): void {
  if (configuration.deployment === 'development') return;
  const problems: string[] = [];
  if (configuration.explain)
    problems.push('explain tells attackers why they failed; set it to false');
  const { replay } = configuration;
  if (replay === 'off')
    problems.push('replay is off, so that a captured proof works again; give a store');
  if (replay !== 'off' && replay.store.sharing === 'process') {
    problems.push('the replay store is known to one process only; give one that instances share');
  }
  if (publicUrl.kind === 'configured' && publicUrl.base.origin.startsWith('http:')) {
    problems.push('publicBaseUrl must be https');
  }
  for (const { issuer } of configuration.issuers) {
    if (!issuer.startsWith('https://')) problems.push(`the issuer ${issuer} must be https`);
  }
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `  - ${problem}`).join('\n');
  throw new ConfigurationError(`PoP cannot start in production:\n${lines}`);
}
