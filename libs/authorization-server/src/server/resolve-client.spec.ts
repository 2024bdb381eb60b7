import { describe, expect, it } from '@jest/globals';
import { accept, refuse, UpstreamError, type Rejection, type Result } from '@keybound/core';
import { testPlugIn, testServer, T0 } from '@keybound/testing';
import type { Client, ClientResolver } from '../extension/client.js';

const rejection = {
  code: 'chain.untrusted',
  requirement: 'AS-80',
  rule: 'a rule',
  error: 'invalid_client' as const,
  detail: {},
};
const asked: string[] = [];
const resolution = { endpoint: 'token', unverifiedHeader: undefined, now: T0 };

function resolver(
  name: string,
  answer: (clientId: string) => Result<Client, Rejection> | undefined,
): ClientResolver {
  return {
    name,
    async resolve(clientId) {
      asked.push(`${name} ${clientId}`);
      return answer(clientId);
    },
  };
}

const found = (id: string) => accept({ id, source: 'first' } as Client);
const clientResolvers = [
  resolver('first', (id) => (id === 'both' ? found(id) : undefined)),
  resolver('second', (id) => (id === 'refused' ? refuse(rejection) : undefined)),
  resolver('third', (id) => {
    if (id === 'far') throw new UpstreamError('no answer');
    return id === 'refused' ? found(id) : undefined;
  }),
];
const { server } = await testServer({}, [testPlugIn('resolvers', { clientResolvers })]);
const { services } = server;

describe('resolveClient', () => {
  it('AS-80 takes the answer of the first resolver that knows the client', async () => {
    asked.length = 0;
    expect(await services.resolveClient('both', resolution)).toMatchObject({
      value: { source: 'first' },
    });
    expect(asked).toEqual(['first both']);
  });

  it('AS-80 INV-9 asks nobody else where one refuses', async () => {
    asked.length = 0;
    expect(await services.resolveClient('refused', resolution)).toEqual(refuse(rejection));
    expect(asked).toEqual(['first refused', 'second refused']);
  });

  it.each(['nobody', '__proto__', 'constructor'])(
    'AS-80 THR-34 refuses %s, whom nobody knows',
    async (clientId) => {
      expect(await services.resolveClient(clientId, resolution)).toMatchObject({
        ok: false,
        failure: { error: 'invalid_client', requirement: 'AS-80' },
      });
    },
  );

  it.each([
    ['2,049 characters', 'x'.repeat(2_049)],
    ['a control character', 'a\nb'],
    ['a character beyond ASCII', 'é'],
    ['nothing', ''],
  ])('AS-80 THR-74 asks nobody for an identifier of %s', async (_what, clientId) => {
    asked.length = 0;
    expect((await services.resolveClient(clientId, resolution)).ok).toBe(false);
    expect(asked).toEqual([]);
  });

  it('AS-271 lets a fault through', async () => {
    await expect(services.resolveClient('far', resolution)).rejects.toThrow(UpstreamError);
  });
});
