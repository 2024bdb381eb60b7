import { isJsonObject, thumbprintOf } from '@keybound/core';
import { Connection } from '../connection.js';
import { isOk, isRefusal } from '../expected-status.js';
import type { Group } from '../group.js';
import { sendAll } from '../send-all.js';
import { Client, tokenRequest } from './client.js';
import { authorizationContenders, type AuthorizationContender } from './contenders.js';
import { resource, resourceScope } from './scenario.js';
import { scenariosOf } from './scenarios-of.js';
import { jwtSegment, textMember } from './token-answer.js';

/** Client credentials, by assertion and proof. */
export const tokenEndpoint: Group<AuthorizationContender> = {
  title: 'A token request',
  counted: 'requests',
  method: [
    '`client_credentials` by `private_key_jwt`, for a JWT access token bound by DPoP',
    'A fresh assertion and a fresh proof for each request, made before the clock runs; both sides refuse them a second time, and keep everything in memory unless it says otherwise',
  ],
  contenders: authorizationContenders,
  yardsticks: ['nest-fastify', 'oidc-provider'],
  effort: {
    full: { rounds: 9, count: 2_000, connections: 32 },
    quick: { rounds: 3, count: 500, connections: 32 },
  },
  async prepare() {
    const client = await Client.create();
    return {
      scenarioFor: scenariosOf(client).scenarioFor,
      check: (_contender, port) => check(client, port),
      async load(_contender, port, { count, connections }) {
        const requests: Buffer[] = [];
        for (let index = 0; index < count; index++) requests.push(await freshRequest(client));
        return sendAll(requests, port, connections);
      },
    };
  },
};

async function freshRequest(client: Client): Promise<Buffer> {
  return tokenRequest(await freshForm(client), await client.tokenProof());
}

async function freshForm(client: Client): Promise<string> {
  const asked = `resource=${encodeURIComponent(resource)}&scope=${resourceScope}`;
  return `grant_type=client_credentials&${asked}&${await client.authentication()}`;
}

async function check(client: Client, port: number): Promise<void> {
  const connection = await Connection.open(port);
  const form = await freshForm(client);
  const proof = await client.tokenProof();
  const answer = await connection.expect(isOk, tokenRequest(form, proof));
  await checkAccessToken(textMember(answer, 'access_token'), client);

  const unproven = tokenRequest(await freshForm(client), undefined);
  const replayedAssertion = tokenRequest(form, await client.tokenProof());
  const replayedProof = tokenRequest(await freshForm(client), proof);
  for (const bad of [unproven, replayedAssertion, replayedProof]) {
    await connection.expect(isRefusal, bad);
  }
  connection.close();
}

/** @throws Error for one that is not signed, bound and addressed as the others are. */
async function checkAccessToken(token: string, { signer }: Client): Promise<void> {
  const { cnf, aud, scope } = jwtSegment(token, 'claims');
  const bound = isJsonObject(cnf) && cnf['jkt'] === (await thumbprintOf(signer.publicJwk));
  const { alg } = jwtSegment(token, 'header');
  if (!bound || alg !== 'ES256' || aud !== resource || scope !== resourceScope) {
    throw new Error(`Another kind of access token: ${token}`);
  }
}
