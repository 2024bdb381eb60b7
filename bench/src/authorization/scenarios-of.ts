import { randomBytes } from 'node:crypto';
import type { Client } from './client.js';
import type { AuthorizationContender } from './contenders.js';
import type { AuthorizationScenario } from './scenario.js';

/** What a contender is told of a client, and of a session that all contenders know. */
export function scenariosOf({ signer }: Client) {
  const session = randomBytes(32).toString('base64url');
  return {
    scenarioFor: ({ userInfoTokens }: AuthorizationContender): AuthorizationScenario => ({
      clientJwk: signer.publicJwk,
      session,
      userInfoTokens,
    }),
    cookieFor: ({ sessionCookie }: AuthorizationContender) => sessionCookie + session,
  };
}
