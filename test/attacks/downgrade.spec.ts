import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  accessToken,
  clientKey,
  dpopProof,
  hash,
  jwkBoundToken,
  otherKey,
  publicPart,
  signedRequest,
  thumbprint,
} from '@keybound/testing';
import { attackedServer, underDpop, type AttackedServer } from '../support/attacked-server.js';
import { challengeOf } from '../support/challenges.js';
import { expectOAuthShape, expectRefusal, type Refusal } from '../support/expect-refusal.js';

const token = await accessToken();
const bound = await jwkBoundToken();
const badToken = { status: 401, scheme: 'DPoP', error: 'invalid_token' } as const;
const badProof = { status: 401, scheme: 'DPoP', error: 'invalid_dpop_proof' } as const;
const badRequest = { status: 400, scheme: 'DPoP', error: 'invalid_request' } as const;

/** Takes unbound tokens as well, so that nothing but the binding keeps bound ones out. */
let server: AttackedServer;
beforeAll(async () => (server = await attackedServer({ unboundTokens: 'accepted' })));
afterAll(() => server.close());

function lastAudit(): string {
  const { code, requirement } = server.audit.events.at(-1) ?? {};
  return `${String(code)} ${String(requirement)}`;
}

async function expectNothingSpent(
  refusal: Refusal,
  headers: readonly (readonly [string, string])[],
) {
  const claims = server.store.claims;
  expectRefusal(await server.send({ headers }), refusal);
  expect(server.store.claims).toBe(claims);
}

describe('A request without credentials', () => {
  it('THR-20 RS-02 is told every scheme and no error', async () => {
    const response = await server.send({});
    expectOAuthShape(response);
    expect({ status: response.status, body: response.body }).toEqual({ status: 401, body: '{}' });
    const challenges = response.all('www-authenticate');
    expect(challenges.map((line) => line.split(' ')[0])).toEqual(['PoP', 'DPoP', 'Bearer']);
    for (const scheme of ['PoP', 'DPoP', 'Bearer']) {
      expect(challengeOf(challenges, scheme)?.parameters['error']).toBeUndefined();
    }
  });

  it('THR-20 is told the same when there is a proof alone', async () => {
    const response = await server.send({ headers: [['DPoP', await dpopProof()]] });
    expect({ status: response.status, body: response.body }).toEqual({ status: 401, body: '{}' });
  });
});

describe('A bound token with less than its proof', () => {
  it('THR-20 DPOP-20 is refused under DPoP without a proof', async () => {
    await expectNothingSpent(badProof, [['Authorization', `DPoP ${token}`]]);
    expect(lastAudit()).toBe('dpop.missing DPOP-20');
  });

  it('THR-21 refuses an empty DPoP field as a malformed proof, not as none', async () => {
    await expectNothingSpent(badProof, [
      ['Authorization', `DPoP ${token}`],
      ['DPoP', ''],
    ]);
    expect(lastAudit()).toBe('dpop.format DPOP-02');
    const bearer = ['Authorization', `Bearer ${await accessToken({ cnf: undefined })}`] as const;
    await expectNothingSpent(badRequest, [bearer, ['DPoP', '']]);
    expect((await server.send({ headers: [bearer] })).status).toBe(200);
  });

  it.each([
    ['cnf.jkt', token],
    ['cnf.jwk', bound],
  ])('THR-21 DPOP-24 SHR-29 is refused under Bearer: %s', async (_name, text) => {
    await expectNothingSpent({ status: 401, scheme: 'Bearer', error: 'invalid_token' }, [
      ['Authorization', `Bearer ${text}`],
    ]);
  });

  it('THR-21 DPOP-25 is refused under Bearer with its proof beside it', async () => {
    const proof = await dpopProof({}, {}, token);
    await expectNothingSpent(badRequest, [
      ['Authorization', `Bearer ${token}`],
      ['DPoP', proof],
    ]);
    expect(lastAudit()).toBe('credentials.proof_with_bearer DPOP-25');
    expect((await server.send({ headers: await underDpop(token, proof) })).status).toBe(200);
  });

  const transports: readonly (readonly [string, string, string | undefined])[] = [
    ['the query', `/orders?access_token=${token}`, undefined],
    ['the query, its name escaped', `/orders?access%5Ftoken=${token}`, undefined],
    ['a form', '/orders', `access_token=${token}`],
    ['the query, empty', '/orders?access_token=', undefined],
  ];

  it.each(transports)(
    'DPOP-26 DPOP-27 RS-06 is refused in %s, alone and beside the right one',
    async (_name, target, form) => {
      const asForm = [['Content-Type', 'application/x-www-form-urlencoded']] as const;
      const sent =
        form === undefined ? { target } : { target, method: 'POST', body: Buffer.from(form) };
      const proof = await underDpop(
        token,
        await dpopProof({ htm: sent.method ?? 'GET' }, {}, token),
      );
      const claims = server.store.claims;
      for (const headers of [[...asForm], [...asForm, ...proof]]) {
        expectRefusal(await server.send({ ...sent, headers }), badRequest);
      }
      expect(server.store.claims).toBe(claims);
    },
  );

  it('THR-21 SHR-29 is refused under the other proof: cnf.jkt under PoP, cnf.jwk under DPoP', async () => {
    const pop = { status: 401, scheme: 'PoP', error: 'invalid_token' } as const;
    await expectNothingSpent(pop, [['Authorization', `PoP ${await signedRequest(token)}`]]);
    await expectNothingSpent(badToken, await underDpop(bound));
  });

  it('THR-21 CNF-03 is refused where one of two confirmations is proven', async () => {
    const jkt = thumbprint(clientKey);
    const both = await accessToken({ cnf: { jkt, jwk: publicPart(clientKey) } });
    await expectNothingSpent(badToken, await underDpop(both));
    const certificate = await accessToken({ cnf: { jkt, 'x5t#S256': hash('certificate') } });
    await expectNothingSpent(badToken, await underDpop(certificate));
    expect(lastAudit()).toBe('cnf.unproven CNF-12');
  });

  const cnfs: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['an array', [{ jkt: thumbprint(clientKey) }]],
    ['an unknown member', { 'x5t#S512': 'x' }],
    ['jkt in a list', { jkt: [thumbprint(clientKey)] }],
    ['jkt with padding', { jkt: `${thumbprint(clientKey)}=` }],
    ['jkt empty', { jkt: '' }],
    ['jkt in hex', { jkt: createHash('sha256').update('x').digest('hex') }],
    ['the string of an object', JSON.stringify({ jkt: thumbprint(clientKey) })],
  ];

  it.each(cnfs)('THR-21 DPOP-18 is refused under DPoP where cnf is %s', async (_name, cnf) => {
    const odd = await accessToken({ cnf });
    await expectNothingSpent(badToken, await underDpop(odd));
  });

  it.each(cnfs.slice(1))('THR-21 is refused under Bearer where cnf is %s', async (_name, cnf) => {
    const headers = [['Authorization', `Bearer ${await accessToken({ cnf })}`]] as const;
    await expectNothingSpent({ status: 401, scheme: 'Bearer', error: 'invalid_token' }, headers);
  });
});

describe('A proof for another token or by another key', () => {
  const aths: readonly (readonly [string, unknown])[] = [
    ['missing', undefined],
    ['of another token', hash('another token')],
    ['in hex', createHash('sha256').update(token).digest('hex')],
    ['padded', `${hash(token)}=`],
    ['SHA-512', createHash('sha512').update(token).digest('base64url')],
    ['of the scheme and the token', hash(`DPoP ${token}`)],
    ['in a list', [hash(token)]],
    ['null', null],
    ['empty', ''],
    ['in another letter case', hash(token).toLowerCase()],
  ];

  it.each(aths)('THR-23 DPOP-12 OPS-24 is refused: ath %s', async (_name, ath) => {
    const jti = crypto.randomUUID();
    await expectNothingSpent(
      badProof,
      await underDpop(token, await dpopProof({ jti, ath }, {}, token)),
    );
    const headers = await underDpop(token, await dpopProof({ jti }, {}, token));
    expect((await server.send({ headers })).status).toBe(200);
  });

  it('THR-25 DPOP-12 is refused: a stolen token with a proof by the thief’s own key', async () => {
    const proof = await dpopProof({}, { key: otherKey }, token);
    await expectNothingSpent(badToken, await underDpop(token, proof));
    expect(lastAudit()).toBe('dpop.other_key DPOP-12');
  });

  it('THR-25 SHR-20 is refused: a stolen token in a request signed by the thief’s own key', async () => {
    const request = await signedRequest(bound, {}, { key: otherKey });
    await expectNothingSpent({ status: 401, scheme: 'PoP', error: 'invalid_token' }, [
      ['Authorization', `PoP ${request}`],
    ]);
    expect(lastAudit()).toBe('shr.signature SHR-20');
  });
});
