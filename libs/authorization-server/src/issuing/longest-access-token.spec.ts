import { describe, expect, it } from '@jest/globals';
import {
  claimsIn,
  clientKey,
  codeForm,
  dpopProof,
  savedCode,
  scene,
  testPlugIn,
  testServer,
  textIn,
  tokenRequest,
  type Form,
  type TestServer,
} from '@keybound/testing';
import { longestAccessToken } from './longest-access-token.js';

/** Adds a claim of as many characters as the test says next. */
async function padding() {
  const padded = { length: 0 };
  const contribute = () => ({ padding: 'x'.repeat(padded.length) });
  const plugIn = testPlugIn('padding', {
    contributors: [{ name: 'padding', accessTokenClaims: { members: ['padding'], contribute } }],
  });
  return { padded, server: await testServer({}, [plugIn]) };
}

const notes = testPlugIn('notes', {
  authorizationDetailsTypes: [
    {
      type: 'note',
      parse: (detail) => detail,
      isWithin: ({ text }, granted) => text === granted['text'],
    },
  ],
});
const note = (letter: string, length: number) => ({ type: 'note', text: letter.repeat(length) });
const reference = 'https://reference.example';
const resources = [
  { resource: scene.resource },
  { resource: reference, accessTokens: 'reference' as const },
];

async function redeem(server: TestServer, code: string, form: Form = {}) {
  return server.send(await tokenRequest(codeForm(code, form), { proofBy: clientKey }));
}

async function underDpop({ send }: TestServer, token: string) {
  const url = `${scene.issuer}/userinfo`;
  const dpop = await dpopProof({ htm: 'GET', htu: url }, { key: clientKey }, token);
  return send({ url, headers: { authorization: `DPoP ${token}`, dpop } });
}

describe('the longest JWT access token', () => {
  it('AS-141 is good at a resource, and is revoked as any other', async () => {
    const { padded, server } = await padding();
    const issue = async () => redeem(server, await savedCode(server.stores.grants));
    const least = textIn((await issue()).json, 'access_token').length;
    const room = Math.floor(((longestAccessToken - least) * 3) / 4);
    let longest = '';
    const statuses: number[] = [];
    for (padded.length = room - 2; padded.length <= room + 2; padded.length += 1) {
      const { status, json } = await issue();
      statuses.push(status);
      if (status === 200) longest = textIn(json, 'access_token');
    }
    expect(statuses).toEqual(expect.arrayContaining([200, 400]));
    expect(longest.length).toBeLessThanOrEqual(longestAccessToken);
    expect(longest.length).toBeGreaterThan(longestAccessToken - 2);
    expect((await underDpop(server, longest)).status).toBe(200);
    const form = { token: longest, client_id: 'public-1' };
    await server.send({ ...(await tokenRequest(form)), url: '/revoke' });
    expect((await underDpop(server, longest)).status).toBe(401);
  });

  it('AS-141 KD-24 is as long as it gets: one character more is refused, and the code is still good', async () => {
    const { padded, server } = await padding();
    const code = await savedCode(server.stores.grants);
    padded.length = longestAccessToken;
    const answer = await redeem(server, code);
    expect([answer.status, answer.json]).toEqual([400, { error: 'invalid_request' }]);
    padded.length = 0;
    expect((await redeem(server, code)).status).toBe(200);
  });

  it('AS-133 AS-134 KD-24 leaves no room for all details: the client asks for fewer, by the same code', async () => {
    const server = await testServer({ resources }, [notes]);
    const authorizationDetails = [note('a', 4_000), note('b', 4_000)];
    const code = await savedCode(server.stores.grants, {
      authorizationDetails,
      resources: [scene.resource],
    });
    const answer = await redeem(server, code);
    expect([answer.status, answer.json]).toEqual([400, { error: 'invalid_authorization_details' }]);
    const fewer = authorizationDetails.slice(0, 1);
    const { json } = await redeem(server, code, { authorization_details: JSON.stringify(fewer) });
    expect(claimsIn(json['access_token'])['authorization_details']).toEqual(fewer);
  });

  it('AS-133 AS-123 is no bound of what a reference stands for', async () => {
    const server = await testServer({ resources }, [notes]);
    const authorizationDetails = [note('a', 10_000)];
    const code = await savedCode(server.stores.grants, {
      authorizationDetails,
      resources: [reference],
    });
    const { json } = await redeem(server, code);
    expect(json).toMatchObject({
      access_token: expect.stringMatching(/^at_/),
      authorization_details: authorizationDetails,
    });
  });
});
