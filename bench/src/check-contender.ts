import type { Contender } from './contenders.js';
import { driveLoad } from './load-generator.js';
import { makeRequests, requestWith } from './make-requests.js';
import type { Parties } from './parties.js';

/**
 * Makes sure that a server does the work that is measured.
 *
 * @throws Error when it refuses a good request, or accepts what it says it refuses.
 */
export async function checkContender(
  { scheme, refuses, name }: Contender,
  port: number,
  parties: Parties,
): Promise<void> {
  const requests = await makeRequests(scheme, parties, 1);
  const unproven = [requestWith([`Authorization: ${scheme} ${parties.tokens[scheme]}`])];
  const send = (load: readonly Buffer[], expects: (status: number) => boolean) =>
    driveLoad({ port, requests: load, connections: 1, expects });
  try {
    await send(requests, isOk);
    if (refuses.includes('replayed')) await send(requests, isRefusal);
    if (refuses.includes('unproven')) await send(unproven, isRefusal);
  } catch (cause) {
    throw new Error(`${name} cannot be measured.`, { cause });
  }
}

export function isOk(status: number): boolean {
  return status === 200;
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500;
}
