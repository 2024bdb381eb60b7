import { Connection } from '../connection.js';
import { isRefusal } from '../expected-status.js';
import type { Group } from '../group.js';
import { driveLoad, type Task } from '../load-generator.js';
import { Client } from './client.js';
import { prepareFlow, runFlow } from './code-exchange.js';
import { codeFlowContenders, type AuthorizationContender } from './contenders.js';
import { subjectName } from './scenario.js';
import { scenariosOf } from './scenarios-of.js';
import { jwtSegment, textMember } from './token-answer.js';

/** The authorization code flow of a user who is logged in and is not asked anything. */
export const codeFlow: Group<AuthorizationContender> = {
  title: 'An authorization code flow',
  counted: 'flows',
  method: [
    'Three requests: authorization in a browser with a session, without a prompt; token, by PKCE, `private_key_jwt` and DPoP; UserInfo, by DPoP',
    'The proof for UserInfo is made on the way, by the load’s process; the rest before the clock runs',
    'An ES256 ID token, and an opaque access token, since oidc-provider’s UserInfo takes no other',
    'Both sides keep everything in memory unless it says otherwise',
  ],
  contenders: codeFlowContenders,
  yardsticks: ['nest-fastify', 'oidc-provider'],
  effort: {
    full: { rounds: 9, count: 600, connections: 32 },
    quick: { rounds: 3, count: 200, connections: 32 },
  },
  async prepare() {
    const client = await Client.create();
    const { scenarioFor, cookieFor } = scenariosOf(client);
    return {
      scenarioFor,
      check: (contender, port) => check(client, contender, cookieFor(contender), port),
      async load(contender, port, { count, connections }) {
        const tasks: Task[] = [];
        for (let index = 0; index < count; index++) {
          const prepared = await prepareFlow(client, cookieFor(contender));
          tasks.push((connection) => runFlow(connection, client, prepared));
        }
        return () => driveLoad({ port, tasks, connections });
      },
    };
  },
};

async function check(
  client: Client,
  { userInfoTokens }: AuthorizationContender,
  cookie: string,
  port: number,
): Promise<void> {
  const connection = await Connection.open(port);
  const flow = await runFlow(connection, client, await prepareFlow(client, cookie));
  const { alg } = jwtSegment(textMember(flow.tokens, 'id_token'), 'header');
  if (alg !== 'ES256') throw new Error('The ID token is not signed by ES256.');
  if (textMember(flow.tokens, 'token_type') !== 'DPoP') throw new Error('Not bound by DPoP.');
  const isJwt = textMember(flow.tokens, 'access_token').includes('.');
  if (isJwt !== (userInfoTokens === 'jwt')) throw new Error('Another kind of access token.');
  const name = textMember(flow.userInfo, 'name');
  if (name !== subjectName) throw new Error(`UserInfo is about ${name}.`);
  for (const replayed of [flow.userInfoRequest, flow.tokenRequest]) {
    await connection.expect(isRefusal, replayed);
  }
  connection.close();
}
