import { beforeEach, describe, expect, it } from '@jest/globals';
import type { VerifiedAccessToken } from '@keybound/pop';
import {
  hash,
  issuedJwt,
  issuedReference,
  savedRefreshToken,
  secretAuthentication,
  T0,
  testServer,
  tokenRequest,
  type Form,
  type TestServer,
} from '@keybound/testing';

let server: TestServer;
beforeEach(async () => {
  server = await testServer();
});

async function revoke(form: Form, headers: Record<string, string> = secretAuthentication) {
  return server.send({ ...(await tokenRequest(form, { headers })), url: '/revoke' });
}

async function isActive(token: string): Promise<unknown> {
  const request = await tokenRequest({ token }, { headers: secretAuthentication });
  return (await server.send({ ...request, url: '/introspect' })).json['active'];
}

const ours = { clientId: 'secret-1' };
const grants = () => server.stores.grants;

describe('POST /revoke', () => {
  it.each([
    ['a JWT', () => issuedJwt(server.server)],
    ['a reference', () => issuedReference(server.server)],
  ])('AS-140 AS-141 revokes %s, and that one alone', async (_format, issued) => {
    const [token, other] = [await issued(), await issued()];
    const answer = await revoke({ token });
    expect([answer.status, answer.body]).toEqual([200, undefined]);
    expect(answer.fields('cache-control')).toEqual(['no-store']);
    expect(await isActive(token)).toBe(false);
    expect(await isActive(other)).toBe(true);
  });

  it('AS-141 revokes a refresh token with everything that came of its grant', async () => {
    const token = await savedRefreshToken(grants(), { ...ours, id: 'grant_1' }, ours);
    const accessToken = await issuedJwt(server.server, { grant_id: 'grant_1' });
    expect([await isActive(token), await isActive(accessToken)]).toEqual([true, true]);
    expect((await revoke({ token })).status).toBe(200);
    expect([await isActive(token), await isActive(accessToken)]).toEqual([false, false]);
    expect(await grants().findRefreshToken(hash(token), T0)).toBeUndefined();
  });

  it('AS-141 lets a grant outlive one of its access tokens', async () => {
    const token = await savedRefreshToken(grants(), { ...ours, id: 'grant_1' }, ours);
    await revoke({ token: await issuedJwt(server.server, { grant_id: 'grant_1' }) });
    expect(await isActive(token)).toBe(true);
  });

  it('AS-141 revokes the family by a token that was replaced', async () => {
    const replaced = { ...ours, retiredAt: T0 };
    const token = await savedRefreshToken(grants(), { ...ours, id: 'grant_1' }, replaced);
    await revoke({ token });
    expect(await grants().findGrant('grant_1', T0)).toBeUndefined();
  });

  it('AS-140 lets a public client revoke by its identifier', async () => {
    const token = await savedRefreshToken(grants(), { id: 'grant_1' });
    expect((await revoke({ token, client_id: 'public-1' }, {})).status).toBe(200);
    expect(await grants().findGrant('grant_1', T0)).toBeUndefined();
  });

  it.each(['refresh_token', 'access_token', 'nonsense'])(
    'AS-140 THR-43 finds a token whatever the hint: %s',
    async (hint) => {
      const accessToken = await issuedJwt(server.server);
      const refreshToken = await savedRefreshToken(grants(), { ...ours, id: 'grant_1' }, ours);
      for (const token of [accessToken, refreshToken]) {
        await revoke({ token, token_type_hint: hint });
        expect(await isActive(token)).toBe(false);
      }
    },
  );

  it('AS-142 THR-43 leaves the tokens of another client alone, in silence', async () => {
    const accessToken = await issuedJwt(server.server);
    const refreshToken = await savedRefreshToken(grants(), { ...ours, id: 'grant_1' }, ours);
    for (const token of [accessToken, refreshToken]) {
      const answer = await revoke({ token, client_id: 'public-1' }, {});
      expect([answer.status, answer.body]).toEqual([200, undefined]);
      expect(await isActive(token)).toBe(true);
    }
  });

  it.each([
    ['an access token', 'at_unknown'],
    ['a refresh token', 'rt_unknown'],
    ['a JWT', 'a.b.c'],
    ['nothing', 'word'],
    ['something of 9,000 characters', `rt_${'a'.repeat(9_000)}`],
  ])(
    'AS-140 THR-43 says nothing of what it does not know, and what looks like %s',
    async (_what, token) => {
      const answer = await revoke({ token });
      expect([answer.status, answer.body]).toEqual([200, undefined]);
    },
  );

  it('AS-140 is told what to revoke, once', async () => {
    for (const form of [{}, { token: '' }, { token: ['at_1', 'at_1'] }]) {
      const answer = await revoke(form);
      expect([answer.status, answer.json['error']]).toEqual([400, 'invalid_request']);
    }
  });

  it('AS-140 THR-43 is not open to strangers', async () => {
    const token = await issuedJwt(server.server);
    const answer = await revoke({ token }, {});
    expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_client']);
    expect((await server.send({ method: 'GET', url: `/revoke?token=${token}` })).status).toBe(405);
    expect(await isActive(token)).toBe(true);
  });

  it('AS-141 AS-247 RS-14 ends a token for good, and not until a resource takes it by its leeway', async () => {
    await savedRefreshToken(grants(), { ...ours, id: 'grant_1' }, ours);
    const own = { client_id: 'secret-1', grant_id: 'grant_1', exp: T0 + 60 };
    const [revoked, other] = [
      await issuedJwt(server.server, own),
      await issuedJwt(server.server, own),
    ];
    await revoke({ token: revoked });
    const statusOf = async (token: string) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await server.send({ url: '/userinfo', headers })).status;
    };
    for (const [elapsed, leeway] of [
      [59, 200],
      [29, 200],
      [30, 401],
    ] as const) {
      server.clock.advance(elapsed);
      expect([await statusOf(revoked), await statusOf(other)]).toEqual([401, leeway]);
    }
  });

  it('AS-141 AS-247 RS-14 THR-65 ends a token that a resource takes past its end, by its leeway', async () => {
    await savedRefreshToken(grants(), { ...ours, id: 'grant_1' }, ours);
    const token = await issuedJwt(server.server, { grant_id: 'grant_1', exp: T0 + 60 });
    server.clock.advance(70);
    const headers = { authorization: `Bearer ${token}` };
    expect((await server.send({ url: '/userinfo', headers })).status).toBe(200);
    await revoke({ token });
    expect((await server.send({ url: '/userinfo', headers })).status).toBe(401);
  });

  it('AS-141 AS-247 tells resource servers in the same process', async () => {
    const token = await issuedJwt(server.server, { jti: 'token_1' });
    const verified = { claims: { jti: 'token_1' } } as unknown as VerifiedAccessToken;
    expect(await server.server.tokenStatus.isActive(verified, T0)).toBe(true);
    await revoke({ token });
    expect(await server.server.tokenStatus.isActive(verified, T0)).toBe(false);
    const nameless = { ...verified, claims: {} };
    expect(await server.server.tokenStatus.isActive(nameless, T0)).toBe(false);
  });
});
