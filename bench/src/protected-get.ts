import { Connection } from './connection.js';
import { contenders, type ResourceContender } from './contenders.js';
import { isOk, isRefusal } from './expected-status.js';
import type { Group } from './group.js';
import { makeRequests, requestWith } from './make-requests.js';
import { makeParties, type Parties } from './parties.js';
import { sendAll } from './send-all.js';

/** Resource servers, that are sent a bound access token and the proof of its key. */
export const protectedGet: Group<ResourceContender> = {
  title: 'A protected GET',
  counted: 'requests',
  method: [
    'One access token and one client key; a fresh proof for each request, made before the clock runs',
    'The issuer’s key is configured, so that nobody fetches',
    'What was used is remembered in the process, unless it says otherwise',
  ],
  contenders,
  yardsticks: ['nest-fastify', 'express-oauth2-jwt-bearer'],
  effort: {
    full: { rounds: 9, count: 5_000, connections: 32 },
    quick: { rounds: 3, count: 1_000, connections: 32 },
  },
  async prepare() {
    const parties = await makeParties();
    return {
      scenarioFor: () => parties.scenario,
      check: (contender, port) => check(contender, port, parties),
      async load({ scheme }, port, { count, connections }) {
        return sendAll(await makeRequests(scheme, parties, count), port, connections);
      },
    };
  },
};

async function check(
  { scheme, refuses }: ResourceContender,
  port: number,
  parties: Parties,
): Promise<void> {
  const [request = Buffer.of()] = await makeRequests(scheme, parties, 1);
  const unproven = requestWith([`Authorization: ${scheme} ${parties.tokens[scheme]}`]);
  const connection = await Connection.open(port);
  await connection.expect(isOk, request);
  if (refuses.includes('replayed')) await connection.expect(isRefusal, request);
  if (refuses.includes('unproven')) await connection.expect(isRefusal, unproven);
  connection.close();
}
