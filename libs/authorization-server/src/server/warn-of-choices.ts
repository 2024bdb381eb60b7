import type { ServerContext } from './server-context.js';

const hour = 3_600;

/** Tells an operator what is allowed and yet unwise. DPOP-43. */
export function warnOfChoices({ configuration, nonces, audit }: ServerContext): void {
  const { accessTokens, dpop } = configuration;
  if (dpop === 'off' || nonces.mode !== 'off' || accessTokens.lifetimeSeconds <= hour) return;
  audit.record({
    kind: 'warning',
    code: 'dpop.long_lived_tokens',
    requirement: 'DPOP-43',
    rule: 'without nonces, proofs made in advance are good for as long as the token (RFC 9449 §11.2)',
    expected: `at most ${hour} seconds, or nonces`,
    actual: String(accessTokens.lifetimeSeconds),
  });
}
