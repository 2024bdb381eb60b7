import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DecodedParameters } from '../endpoint/decoded-parameters.js';
import type { Client, ClientRelaxation } from '../extension/client.js';
import { parseCodeChallenge } from './code-challenge.js';
import type { EffectiveRequest } from './incoming-request.js';

interface Case {
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly accept: boolean;
  readonly error?: string;
  readonly about?: string;
}

const file = new URL('../../../../test/vectors/authorization-server/as-pkce.json', import.meta.url);
const { authorizationRequest } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly authorizationRequest: readonly Case[];
};

function parse(parameters: Readonly<Record<string, string>>, ...relaxed: ClientRelaxation[]) {
  const client = { relaxations: new Set(relaxed) } as unknown as Client;
  return parseCodeChallenge({
    client,
    parameters: new DecodedParameters(Object.entries(parameters)),
  } as unknown as EffectiveRequest);
}

describe('PKCE of an authorization request (RFC 7636 §4.3)', () => {
  it.each(authorizationRequest.map((each) => ({ about: 'as specified', ...each })))(
    'AS-10 AS-11 OIDC-30 THR-46 [$id] $about',
    (each) => {
      const outcome = parse(each.params);
      if (each.accept) {
        expect(outcome).toEqual({ ok: true, value: each.params['code_challenge'] });
      } else {
        expect(outcome).toMatchObject({ ok: false, failure: { error: each.error } });
      }
    },
  );

  it('AS-10 may be left out by a client that an operator let off, but not in part', () => {
    expect(parse({}, 'optional-pkce')).toEqual({ ok: true, value: undefined });
    const half = { code_challenge_method: 'S256' };
    expect(parse(half, 'optional-pkce')).toMatchObject({ ok: false });
    const plain = { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' };
    expect(parse(plain, 'optional-pkce')).toMatchObject({ ok: false });
  });

  it('AS-10 is no option that another relaxation brings along', () => {
    expect(parse({}, 'unbound-access-tokens')).toMatchObject({
      ok: false,
      failure: { requirement: 'AS-10', error: 'invalid_request' },
    });
  });
});
