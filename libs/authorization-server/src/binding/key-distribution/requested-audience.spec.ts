import { describe, expect, it } from '@jest/globals';
import {
  assertionForm,
  claimsIn,
  clientKey,
  publicPart,
  scene,
  testServer,
  tokenRequest,
  undemandingClients,
  type Form,
  type TestAnswer,
  type TestServer,
} from '@keybound/testing';
import type { AuthorizationServerOptions } from '../../server/options.schema.js';

const kd01 = { token_type: 'pop', key: JSON.stringify(publicPart(clientKey)) };
const kd07 = { token_type: 'pop', req_cnf: JSON.stringify({ jwk: publicPart(clientKey) }) };
const files = 'urn:example:files';

function server(own: Partial<AuthorizationServerOptions> = {}): Promise<TestServer> {
  return testServer({
    clients: undemandingClients,
    keyDistribution: { requireKeyProof: [] },
    resources: [{ resource: scene.resource }, { resource: files }],
    ...own,
  });
}

/** A client asks for a token of its own. */
async function ask(to: TestServer, form: Form): Promise<TestAnswer> {
  const credentials = { ...(await assertionForm()), grant_type: 'client_credentials' };
  return to.send(await tokenRequest({ ...credentials, ...form }));
}

const audOf = ({ json }: TestAnswer) => claimsIn(json['access_token'])['aud'];

describe('requestedAudience', () => {
  it.each([
    ['aud', kd01, { aud: scene.resource }],
    ['audience, in the words of -01', kd01, { audience: scene.resource }],
    ['audience, in the words of -07', kd07, { audience: scene.resource }],
    ['resource', kd07, { resource: scene.resource }],
    [
      'all of them',
      kd01,
      { aud: scene.resource, audience: scene.resource, resource: scene.resource },
    ],
    ['aud with a query', kd01, { aud: `${scene.resource}?a=%20b` }],
  ])('KD-11 KD-12 makes the token for the one named as %s', async (_as, asked, target) => {
    const resources = [{ resource: scene.resource }, { resource: `${scene.resource}?a=%20b` }];
    const [named] = Object.values(target);
    expect(audOf(await ask(await server({ resources }), { ...asked, ...target }))).toBe(named);
  });

  it.each([
    ['KD-11', 'a relative aud', { ...kd01, aud: '/api' }, 'invalid_request'],
    ['KD-11', 'an aud with a fragment', { ...kd01, aud: `${scene.resource}#a` }, 'invalid_request'],
    ['KD-11', 'an aud with a blank', { ...kd01, aud: `${scene.resource}/ a` }, 'invalid_request'],
    ['KD-11', 'a broken escape', { ...kd01, aud: 'https://a.example/%zz' }, 'invalid_request'],
    [
      'KD-11',
      'an aud without end',
      { ...kd01, aud: `https://a.example/${'a'.repeat(2_048)}` },
      'invalid_request',
    ],
    ['KD-11', 'an unknown aud', { ...kd01, aud: 'https://a.example/' }, 'access_denied'],
    ['KD-11', 'an unknown audience, as -01', { ...kd01, audience: 'urn:a:b' }, 'access_denied'],
    [
      'KD-11',
      'aud and audience that differ',
      { ...kd01, aud: scene.resource, audience: files },
      'invalid_request',
    ],
    ['KD-12', 'an unknown audience, as -07', { ...kd07, audience: 'files' }, 'invalid_target'],
    [
      'KD-12',
      'several audiences',
      { ...kd07, audience: [scene.resource, files] },
      'invalid_target',
    ],
    ['AS-130', 'an unknown resource', { ...kd07, resource: 'urn:a:b' }, 'invalid_target'],
    [
      'AS-131',
      'a resource besides aud',
      { ...kd01, aud: scene.resource, resource: files },
      'invalid_target',
    ],
    ['AS-02', 'aud twice', { ...kd01, aud: [scene.resource, scene.resource] }, 'invalid_request'],
  ])('KD-11 KD-12 refuses by %s %s', async (requirement, _flaw, form, error) => {
    const to = await server();
    const answer = await ask(to, form);
    expect({ status: answer.status, error: answer.json['error'] }).toEqual({ status: 400, error });
    expect(to.audit.events.at(-1)?.requirement).toBe(requirement);
  });

  it('KD-11 is nothing to a server without key distribution', async () => {
    const to = await server({ keyDistribution: 'off' });
    const request = await tokenRequest(
      { ...(await assertionForm()), grant_type: 'client_credentials', aud: '/api#', audience: 'a' },
      { proofBy: clientKey },
    );
    expect(audOf(await to.send(request))).toBe(scene.issuer);
  });
});
