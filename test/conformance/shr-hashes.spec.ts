import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jwkBoundToken, signedRequest, type Flaw } from '@keybound/testing';
import { attackedServer, type AttackedServer } from '../support/attacked-server.js';
import type { RawRequest } from '../support/raw-request.js';
import { readVectors } from '../support/vectors.js';

interface ListVector {
  readonly id: string;
  readonly description: string;
  readonly list: readonly string[];
  readonly hash: string;
}

interface ForeignForm {
  readonly id: string;
  readonly what: string;
  readonly buffer?: string;
  readonly value: unknown;
}

const { query, header, body, foreignForms } = readVectors<{
  readonly query: readonly (ListVector & { readonly rawQuery: string })[];
  readonly header: readonly (ListVector & {
    readonly rawHeaders: readonly (readonly [string, string])[];
  })[];
  readonly body: readonly {
    readonly id: string;
    readonly description: string;
    readonly bodyHex: string;
    readonly hash: string;
  }[];
  readonly foreignForms: readonly ForeignForm[];
}>('signed-http-request/shr-hashes.json');

/** Hashes that others computed, in requests over HTTP. draft-ietf-oauth-signed-http-request-03 §3. */
describe('hashes of signed HTTP requests (vectors)', () => {
  let server: AttackedServer;
  beforeAll(async () => {
    server = await attackedServer();
  });
  afterAll(() => server.close());

  async function statusOf(flaw: Flaw, request: Partial<RawRequest> = {}): Promise<number> {
    const shr = await signedRequest(await jwkBoundToken(), flaw);
    const headers = [['Authorization', `PoP ${shr}`] as const, ...(request.headers ?? [])];
    return (await server.send({ ...request, headers })).status;
  }

  /** Another hash that would do as well in form. */
  const another = (hash: string) => (hash.startsWith('A') ? 'B' : 'A') + hash.slice(1);

  it.each(query)('SHR-06 SHR-13 [$id] $description', async ({ rawQuery, list, hash }) => {
    const target = rawQuery === '' ? '/orders' : `/orders?${rawQuery}`;
    expect(await statusOf({ q: [list, hash] }, { target })).toBe(200);
    expect(await statusOf({ q: [list, another(hash)] }, { target })).toBe(401);
  });

  it.each(header)('SHR-10 SHR-13 [$id] $description', async ({ rawHeaders, list, hash }) => {
    expect(await statusOf({ h: [list, hash] }, { headers: rawHeaders })).toBe(200);
    expect(await statusOf({ h: [list, another(hash)] }, { headers: rawHeaders })).toBe(401);
  });

  it.each(body)('SHR-12 SHR-13 [$id] $description', async ({ bodyHex, hash }) => {
    const request = {
      method: 'POST',
      headers: [['Content-Type', 'text/plain']] as const,
      body: Buffer.from(bodyHex, 'hex'),
    };
    expect(await statusOf({ m: 'POST', b: hash }, request)).toBe(200);
    expect(await statusOf({ m: 'POST', b: another(hash) }, request)).toBe(401);
  });

  const forms: Readonly<Record<string, (value: unknown) => [Flaw, Partial<RawRequest>]>> = {
    F1: (value) => [{ q: [['b', 'a', 'c'], value] }, { target: '/orders?b=bar&a=foo&c=duck' }],
    F2: (value) => [{ q: [['b', 'a', 'c'], value] }, { target: '/orders?b=bar&a=foo&c=duck' }],
    F3: (value) => [
      { h: [['Content-Type', 'Etag'], value] },
      {
        headers: [
          ['Content-Type', 'application/json'],
          ['Etag', '742-3u8f34-3r2nvv3'],
        ],
      },
    ],
    F4: (value) => [
      { m: 'POST', b: value },
      { method: 'POST', headers: [['Content-Type', 'text/plain']], body: Buffer.from('my body') },
    ],
    F5: (value) => [{ q: value }, { target: '/orders?b=bar&a=foo&c=duck' }],
  };

  it.each(foreignForms)('SHR-13 [$id] refuses what others made of it: $what', async (form) => {
    const made = forms[form.id]?.(form.value);
    if (made === undefined) throw new Error(`Nobody tries ${form.id}.`);
    expect(await statusOf(...made)).toBe(401);
  });
});
