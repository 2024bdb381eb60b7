import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  codeForm,
  grantRecord,
  refreshForm,
  savedCode,
  secretAuthentication,
  textIn,
  tokenRequest,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import { unboundServer } from '../support/code-flow.js';

/** What a host shows its users of what they allowed, and does when they change their mind. */
describe('grants of alice', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await unboundServer();
  });

  async function tokensOf(id: string, localSubject = 'alice', offline = true) {
    const grant = grantRecord({ id, localSubject, offline, clientId: 'secret-1' });
    const code = await savedCode(server.stores.grants, grant);
    const form = codeForm(code, { client_id: undefined });
    const answer = await server.send(await tokenRequest(form, { headers: secretAuthentication }));
    expect(answer.status).toBe(200);
    return answer;
  }

  async function isAlive({ json }: TestAnswer): Promise<boolean> {
    const token = textIn(json, 'access_token');
    const asked = await tokenRequest({ token }, { headers: secretAuthentication });
    const introspected = await server.send({ ...asked, url: '/introspect' });
    const form = refreshForm(textIn(json, 'refresh_token'), { client_id: undefined });
    const refreshed = await server.send(
      await tokenRequest(form, { headers: secretAuthentication }),
    );
    const active = introspected.json['active'];
    expect(refreshed.status).toBe(active === true ? 200 : 400);
    return active === true;
  }

  it('AS-276 are listed with client and scopes, and end one by one', async () => {
    const [first, second, other] = [
      await tokensOf('grant-1'),
      await tokensOf('grant-2'),
      await tokensOf('grant-3', 'bob'),
    ];
    const { grants } = server.stores;
    const now = server.clock.now();
    const listed = await grants.listGrants('alice', now);
    expect(listed.map(({ id }) => id).sort()).toEqual(['grant-1', 'grant-2']);
    expect(listed[0]).toMatchObject({
      clientId: 'secret-1',
      scopes: expect.arrayContaining(['openid', 'api:read']),
      lastUsedAt: now,
    });
    await grants.revokeGrant('grant-1', now);
    expect(await isAlive(first)).toBe(false);
    expect(await isAlive(second)).toBe(true);
    expect(await isAlive(other)).toBe(true);
    expect((await grants.listGrants('alice', now)).map(({ id }) => id)).toEqual(['grant-2']);
  });

  it('AS-73 AS-276 end with the password that they were given by, and nobody else’s', async () => {
    const [online, offline, other] = [
      await tokensOf('grant-1', 'alice', false),
      await tokensOf('grant-2', 'alice', true),
      await tokensOf('grant-3', 'bob'),
    ];
    const { grants } = server.stores;
    await grants.revokeGrantsOfSubject('alice', 'online', server.clock.now());
    expect(await isAlive(online)).toBe(false);
    expect(await isAlive(offline)).toBe(true);
    await grants.revokeGrantsOfSubject('alice', 'all', server.clock.now());
    expect(await isAlive(offline)).toBe(false);
    expect(await isAlive(other)).toBe(true);
    expect(await grants.listGrants('alice', server.clock.now())).toEqual([]);
  });
});
