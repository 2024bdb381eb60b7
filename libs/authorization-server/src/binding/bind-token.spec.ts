import { describe, expect, it } from '@jest/globals';
import { accept, isThumbprint, rejections, type Thumbprint } from '@keybound/core';
import { clientKey, otherKey, requestView, T0, thumbprint, type TestKey } from '@keybound/testing';
import { decoyClient } from '../client-authentication/decoy-client.js';
import { parseParameters } from '../endpoint/parse-parameters.js';
import type { TokenBinder, TokenBinding } from '../extension/token-binder.js';
import type { TokenRequest } from '../extension/token-request.js';
import { bindToken } from './bind-token.js';

function thumbprintFor(key: TestKey): Thumbprint {
  const text = thumbprint(key);
  if (!isThumbprint(text)) throw new TypeError('Not a thumbprint.');
  return text;
}

const ownKey = thumbprintFor(clientKey);
const foreignKey = thumbprintFor(otherKey);

const use = (kind: string) => ({
  spend: { digest: new Uint8Array(32), since: T0, until: T0, kind },
  replayed: reject('toy.refused', 'KD-16').failure,
});
const reject = rejections({ 'toy.refused': 'invalid_request' }, { 'KD-16': 'a rule' });

/** A binder that finds what it is told to. */
function finding(name: string, own: Partial<TokenBinding>): TokenBinder {
  const binding: TokenBinding = {
    by: name,
    cnf: { toy: name },
    tokenType: name,
    thumbprint: ownKey,
    possession: 'proven',
    responseMembers: {},
    uses: [use(name)],
    fields: [[`x-${name}`, '1']],
    ...own,
  };
  return { name, tokenTypes: [name], bind: () => Promise.resolve(accept(binding)) };
}

const nothing: TokenBinder = {
  name: 'nothing',
  tokenTypes: [],
  bind: () => Promise.resolve(accept(undefined)),
};
const refusing: TokenBinder = {
  name: 'refusing',
  tokenTypes: [],
  bind: () => Promise.resolve(reject('toy.refused', 'KD-16')),
};

function request(provenKeys: readonly Thumbprint[] = []): TokenRequest {
  const none = parseParameters('');
  if (!none.ok) throw new TypeError('No parameters are parameters.');
  return {
    view: requestView(),
    parameters: none.value,
    query: none.value,
    json: undefined,
    now: T0,
    client: decoyClient,
    authentication: { method: 'none', confidential: true, provenKeys, uses: [], facts: {} },
    grantType: 'toy',
  };
}

const bind = (binders: readonly TokenBinder[], provenKeys: readonly Thumbprint[] = []) =>
  bindToken(binders, request(provenKeys), { audiences: [] });

describe('bindToken', () => {
  it('DPOP-15 finds nothing where no binder does', async () => {
    expect(await bind([nothing])).toEqual(accept({ binding: undefined, provenKeys: [] }));
  });

  it('DPOP-15 takes the key that is proven', async () => {
    const bound = await bind([nothing, finding('dpop', {})]);
    expect(bound).toMatchObject({ value: { binding: { by: 'dpop' }, provenKeys: [ownKey] } });
  });

  it('KD-16 stops at the first refusal', async () => {
    expect(await bind([refusing, finding('dpop', {})])).toMatchObject({ ok: false });
  });

  it('KD-16 lets the key stand that was named, with what both of them use up', async () => {
    const bound = await bind([finding('dpop', {}), finding('pop', { possession: 'asked' })]);
    expect(bound).toMatchObject({
      ok: true,
      value: {
        binding: {
          by: 'pop',
          tokenType: 'pop',
          uses: [{ spend: { kind: 'dpop' } }, { spend: { kind: 'pop' } }],
          fields: [
            ['x-dpop', '1'],
            ['x-pop', '1'],
          ],
        },
        provenKeys: [ownKey],
      },
    });
  });

  it.each(['asked', 'asked-needs-proof'] as const)(
    'KD-16 refuses a proof of another key than the one that was %s',
    async (possession) => {
      const pop = finding('pop', { possession });
      const bound = await bind([pop, finding('dpop', { thumbprint: foreignKey })], [ownKey]);
      expect(bound).toMatchObject({
        failure: { error: 'invalid_dpop_proof', requirement: 'KD-16' },
      });
    },
  );

  it('KD-16 refuses a proof beside a key that the server is to make', async () => {
    const pop = finding('pop', { possession: 'asked', thumbprint: undefined });
    const bound = await bind([pop, finding('dpop', {})]);
    expect(bound).toMatchObject({ failure: { error: 'invalid_dpop_proof' } });
  });

  it('KD-16 takes a key that needs no proof without one', async () => {
    const pop = finding('pop', { possession: 'asked' });
    expect(await bind([pop])).toMatchObject({ ok: true, value: { provenKeys: [] } });
  });

  it('KD-16 takes a key that needs a proof with one, or from a client that authenticated with it', async () => {
    const pop = finding('pop', { possession: 'asked-needs-proof' });
    expect(await bind([pop, finding('dpop', {})])).toMatchObject({ ok: true });
    expect(await bind([pop], [foreignKey, ownKey])).toMatchObject({ ok: true });
    expect(await bind([pop, finding('dpop', {})], [foreignKey])).toMatchObject({ ok: true });
  });

  it.each([
    ['without one', ownKey, []],
    ['from a client that authenticated with another', ownKey, [foreignKey]],
    ['where it is a key that nobody can have', undefined, [ownKey]],
  ])('KD-16 refuses a key that needs a proof %s', async (_what, thumbprint, provenKeys) => {
    const pop = finding('pop', { possession: 'asked-needs-proof', thumbprint });
    const bound = await bind([pop], provenKeys);
    expect(bound).toMatchObject({ failure: { error: 'invalid_request', requirement: 'KD-16' } });
  });

  it('KD-13 refuses two keys that were named', async () => {
    const asked = { possession: 'asked' } as const;
    const bound = await bind([finding('pop', asked), finding('toy', asked)]);
    expect(bound).toMatchObject({ failure: { error: 'invalid_request', requirement: 'KD-13' } });
  });

  it('DPOP-15 takes the first of two keys that are proven', async () => {
    const bound = await bind([finding('dpop', {}), finding('mtls', { thumbprint: foreignKey })]);
    expect(bound).toMatchObject({
      value: { binding: { by: 'dpop' }, provenKeys: [ownKey, foreignKey] },
    });
  });
});
