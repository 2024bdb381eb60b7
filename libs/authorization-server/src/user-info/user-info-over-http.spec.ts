import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  dpopProof,
  issuedJwt,
  jkt,
  listeningServer,
  savedCode,
  scene,
  testServer,
  type ListeningServer,
  type TestServer,
} from '@keybound/testing';
import { request as httpRequest } from 'node:http';

let server: TestServer;
let listening: ListeningServer;
const url = `${scene.issuer}/userinfo`;

beforeEach(async () => {
  server = await testServer();
  await savedCode(server.stores.grants, { id: 'grant_1', clientId: 'secret-1' });
  listening = await listeningServer(server.server);
});
afterEach(() => listening.close());

function token(own: object = {}): Promise<string> {
  return issuedJwt(server.server, { grant_id: 'grant_1', ...own });
}

describe('UserInfo, over HTTP', () => {
  it('AS-175 OIDC-35 reads an unbound token from the form of a POST', async () => {
    const body = new URLSearchParams({ access_token: await token() });
    const answer = await fetch(`${listening.base}/userinfo`, { method: 'POST', body });
    expect([answer.status, await answer.json()]).toEqual([200, { sub: 'alice' }]);
  });

  it('AS-175 DPOP-41 takes a bound token with its proof, for the public URL', async () => {
    const accessToken = await token({ cnf: { jkt } });
    const proof = await dpopProof({ htm: 'POST', htu: url }, {}, accessToken);
    const headers = { authorization: `DPoP ${accessToken}`, dpop: proof };
    const answer = await fetch(`${listening.base}/userinfo`, { method: 'POST', headers });
    expect([answer.status, await answer.json()]).toEqual([200, { sub: 'alice' }]);
  });

  it('AS-175 OIDC-39 offers schemes to a stranger, in a page of another origin too', async () => {
    const answer = await fetch(`${listening.base}/userinfo`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).not.toContain('error');
    expect(answer.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
  });
});

describe('metadata, over HTTP', () => {
  it('AS-201 AS-202 does not follow Host or X-Forwarded-Host', async () => {
    const document = await new Promise<string>((resolve, reject) => {
      const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
      const path = '/.well-known/openid-configuration';
      const { port } = listening;
      httpRequest({ port, host: '127.0.0.1', path, headers }, (response) => {
        void response.toArray().then((chunks: Buffer[]) => {
          resolve(Buffer.concat(chunks).toString());
        });
      })
        .on('error', reject)
        .end();
    });
    expect(JSON.parse(document)).toMatchObject({ issuer: scene.issuer, userinfo_endpoint: url });
    expect(document).not.toContain('evil');
  });
});
