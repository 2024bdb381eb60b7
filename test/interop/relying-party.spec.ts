import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findIssuer, InMemoryKeyPairs, ResourceKeys } from '@keybound/client';
import { PopRelyingParty, type Binding } from '@keybound/client/relying-party';
import { decodeJwt } from 'jose';
import { alice, startSampleApp, type SampleApp } from '../support/running-sample-app.js';

const redirectUri = 'https://client.example/cb';

/** The seed's flow, whole, by our own relying party, over HTTP. */
describe.each(['express', 'fastify'])(
  'the PoP relying party and the sample app on %s',
  (adapter) => {
    let app: SampleApp;

    beforeAll(async () => {
      app = await startSampleApp({ HTTP_ADAPTER: adapter });
    });
    afterAll(() => app.close());

    it.each<[string, Binding, string, string]>([
      ['KD-01 KD-02 KD-05 OIDC-04', 'kd-01', 'pop', 'signed-http-request'],
      ['KD-13 KD-16', 'kd-07', 'pop', 'signed-http-request'],
      ['DPOP-15 DPOP-41', 'dpop', 'DPoP', 'dpop'],
    ])('%s logs alice in and calls UserInfo and API: %s', async (_ids, binding, type, method) => {
      const host = new URL(app.issuer).host;
      const issuer = await findIssuer(`acct:alice@${host}`, { fetch, allowHttp: 'loopback' });
      expect(issuer).toBe(app.issuer);
      const party = await PopRelyingParty.register({
        issuer,
        binding,
        keys: new ResourceKeys(new InMemoryKeyPairs()),
        redirectUri,
        fetch,
        allowHttp: 'loopback',
      });
      const { url, pending } = await party.begin({ scope: 'openid profile' });
      const tokens = await party.finish(await alice().authorize(url, redirectUri), pending);
      expect(tokens.tokenType).toBe(type);
      const { cnf, sub } = decodeJwt(tokens.accessToken);
      expect(cnf).toEqual(
        binding === 'dpop'
          ? { jkt: expect.any(String) }
          : { jwk: expect.objectContaining({ kty: 'EC', crv: 'P-256' }) },
      );
      expect(await party.userInfo(tokens)).toMatchObject({ sub, name: expect.any(String) });
      const apiFetch = await party.fetchWith(tokens, [app.issuer]);
      const whoami = await apiFetch(`${app.issuer}/api/whoami`);
      expect(await whoami.json()).toEqual({ sub, client_id: party.clientId, cnf, method });
      const bearer = { authorization: `Bearer ${tokens.accessToken}` };
      for (const path of ['/userinfo', '/api/whoami']) {
        expect((await fetch(app.issuer + path, { headers: bearer })).status).toBe(401);
      }
    });
  },
);
