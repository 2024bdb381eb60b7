import { systemClock } from '@keybound/core';
import { makeDpopProof, signHttpRequest } from '@keybound/pop';
import type { Parties, Scheme } from './parties.js';
import { requestMessage } from './request-message.js';
import { host, origin, path } from './scenario.js';

/**
 * Requests as they go on the wire, each with a fresh proof of its own, dated now: to be sent within
 * the minute.
 */
export async function makeRequests(
  scheme: Scheme,
  parties: Parties,
  count: number,
): Promise<readonly Buffer[]> {
  const requests: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    requests.push(requestWith(await credentialFields(scheme, parties)));
  }
  return requests;
}

/** A request that proves nothing. */
export function requestWith(fields: readonly string[]): Buffer {
  return requestMessage(`GET ${path}`, [`Host: ${host}`, 'Accept: application/json', ...fields]);
}

async function credentialFields(scheme: Scheme, { client, tokens }: Parties) {
  const input = {
    method: 'GET',
    url: origin + path,
    accessToken: tokens[scheme],
    issuedAt: systemClock.now(),
  };
  switch (scheme) {
    case 'DPoP':
      return [
        `Authorization: DPoP ${input.accessToken}`,
        `DPoP: ${await makeDpopProof(input, client)}`,
      ];
    case 'PoP':
      return [`Authorization: PoP ${await signHttpRequest(input, client)}`];
  }
}
