import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { hash, T0, testServer, type TestServer } from '@keybound/testing';

interface Case {
  readonly id: string;
  readonly role: string;
  readonly description: string;
  readonly covers: readonly string[];
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly form?: Readonly<Record<string, string>>;
  };
  readonly client?: { readonly client_id: string; readonly token_endpoint_auth_method: string };
  readonly expect: {
    readonly status: number;
    readonly error?: string;
    readonly codeBoundTo?: string;
  };
}

const file = new URL(
  '../../../../test/vectors/sender-constrained-tokens/dpop-cases.json',
  import.meta.url,
);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };

/** What the vectors leave out, since it is not about DPoP. */
const rest = {
  redirect_uri: 'https://client.example/cb',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

describe('vectors of DPoP at the pushed-request endpoint (RFC 9449 §10.1)', () => {
  let test: TestServer;
  beforeAll(async () => {
    const { redirect_uri } = rest;
    const metadata = { redirect_uris: [redirect_uri], token_endpoint_auth_method: 'none' };
    test = await testServer({ clients: [{ client_id: 'client-1', metadata }] });
  });

  const rows = cases
    .filter(({ role }) => role === 'as-par')
    .map((each) => [[...each.covers, 'AS-39'].join(' '), each.id, each.description, each] as const);

  it('DPOP-38 DPOP-39 DPOP-40 are there', () => {
    expect(rows).toHaveLength(6);
  });

  it.each(rows)('%s [%s] %s', async (_ids, _id, _description, each) => {
    const { method, url, headers, form } = each.request;
    const answer = await test.send({
      method,
      url,
      headers: [['content-type', 'application/x-www-form-urlencoded'], ...headers],
      body: new URLSearchParams({ ...rest, ...form }).toString(),
    });
    expect(answer.status).toBe(each.expect.status);
    if (each.expect.error !== undefined) {
      expect(answer.json).toEqual({ error: each.expect.error });
      return;
    }
    const { request_uri } = answer.json as { readonly request_uri: string };
    const record = await test.stores.grants.findPushedRequest(hash(request_uri), T0);
    expect(record?.request.dpopJkt).toBe(each.expect.codeBoundTo);
  });
});
