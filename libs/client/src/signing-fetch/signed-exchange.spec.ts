import { describe, expect, it } from '@jest/globals';
import { clientKey, SettableClock, signerFor, T0 } from '@keybound/testing';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { createSigningFetch } from './create-signing-fetch.js';

const origin = 'https://api.example.com';
const date = dateOf(T0);

/** A server that answers from a script, and the nonces of the proofs that it was sent. */
async function scripted(
  method: 'dpop' | 'signed-http-request',
  answers: ((attempt: number) => Response)[],
) {
  const proofs: Record<string, unknown>[] = [];
  const send = createSigningFetch({
    method,
    signer: await signerFor(clientKey),
    accessToken: 'a-token',
    fetch: async (_input, init) => {
      const headers = new Headers(init?.headers);
      const proof = headers.get('dpop') ?? headers.get('authorization')?.slice('PoP '.length) ?? '';
      proofs.push({ ...decodeProtectedHeader(proof), ...decodeJwt(proof) });
      const answer = answers[Math.min(proofs.length, answers.length) - 1];
      if (answer === undefined) throw new Error('The script is empty.');
      return answer(proofs.length);
    },
    origins: [origin],
    clock: new SettableClock(),
  });
  return { send, proofs };
}

const ok = () => new Response('fine', { headers: { date } });

function refusedWith(challenge: string, fields: Record<string, string> = {}, status = 401) {
  return new Response(null, {
    status,
    headers: { date, 'www-authenticate': challenge, ...fields },
  });
}

function jsonError(error: string, fields: Record<string, string>) {
  return Response.json({ error }, { status: 400, headers: { date, ...fields } });
}

const useNonce = (nonce: string) =>
  refusedWith('DPoP algs="ES256", error="use_dpop_nonce"', { 'dpop-nonce': nonce });

describe('a call with dpop', () => {
  it('OPS-11 makes two requests to a server that always challenges, and returns its 401', async () => {
    const { send, proofs } = await scripted('dpop', [(n) => useNonce(`nonce-${String(n)}`)]);
    expect((await send(`${origin}/`)).status).toBe(401);
    expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'nonce-1']);
  });

  it('OPS-11 learns from the response to the retry as well', async () => {
    const { send, proofs } = await scripted('dpop', [(n) => useNonce(`nonce-${String(n)}`)]);
    await send(`${origin}/`);
    await send(`${origin}/`);
    expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'nonce-1', 'nonce-2', 'nonce-3']);
  });

  it('OPS-11 does not retry when the nonce is the one that was used', async () => {
    const { send, proofs } = await scripted('dpop', [() => useNonce('same')]);
    await send(`${origin}/`);
    await send(`${origin}/`);
    expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'same', 'same']);
  });

  it.each([
    ['a success', () => new Response('', { headers: { 'dpop-nonce': 'n' } })],
    [
      'an error of another kind',
      () => new Response('', { status: 503, headers: { 'dpop-nonce': 'n' } }),
    ],
  ])('OPS-11 takes a new nonce from %s, without a retry', async (_, answer) => {
    const { send, proofs } = await scripted('dpop', [answer, ok]);
    await send(`${origin}/`);
    await send(`${origin}/`);
    expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'n']);
  });

  it('OPS-11 keeps the nonces of origins apart', async () => {
    const seen: unknown[] = [];
    const send = createSigningFetch({
      method: 'dpop',
      signer: await signerFor(clientKey),
      accessToken: 'a-token',
      fetch: async (_input, init) => {
        const { nonce } = decodeJwt(new Headers(init?.headers).get('dpop') ?? '');
        seen.push(nonce);
        return new Response('', { headers: { 'dpop-nonce': `n${String(seen.length)}` } });
      },
      origins: ['https://a.example', 'https://b.example'],
      clock: new SettableClock(),
    });
    for (const host of ['a', 'b', 'a', 'b']) await send(`https://${host}.example/`);
    expect(seen).toEqual([undefined, undefined, 'n1', 'n2']);
  });

  it.each([
    ['401 and a challenge', () => useNonce('n')],
    [
      '400 and a challenge',
      () => refusedWith('DPoP error="use_dpop_nonce"', { 'dpop-nonce': 'n' }, 400),
    ],
    ['400 and JSON', () => jsonError('use_dpop_nonce', { 'dpop-nonce': 'n' })],
    [
      'a challenge behind others',
      () =>
        refusedWith('PoP nonce="x, y", Bearer, dpop error=use_dpop_nonce', { 'dpop-nonce': 'n' }),
    ],
  ])('OPS-12 understands the demand for a nonce by %s', async (_, answer) => {
    const { send, proofs } = await scripted('dpop', [answer, ok]);
    expect((await send(`${origin}/`)).status).toBe(200);
    expect(proofs).toHaveLength(2);
  });

  it.each([
    ['another error', () => jsonError('invalid_grant', { 'dpop-nonce': 'n' })],
    [
      'another status',
      () => refusedWith('DPoP error="use_dpop_nonce"', { 'dpop-nonce': 'n' }, 403),
    ],
    [
      'an error in another challenge',
      () => refusedWith('Bearer error="use_dpop_nonce"', { 'dpop-nonce': 'n' }),
    ],
    ['a nonce that is none', () => useNonce('two words')],
    ['no nonce', () => refusedWith('DPoP error="use_dpop_nonce"')],
    [
      'a refused token and a new nonce',
      () => refusedWith('DPoP error="invalid_token"', { 'dpop-nonce': 'n' }),
    ],
  ])('OPS-12 does not retry for %s', async (_, answer) => {
    const { send, proofs } = await scripted('dpop', [answer]);
    await send(`${origin}/`);
    expect(proofs).toHaveLength(1);
  });

  it('leaves the body of a refusal to its caller', async () => {
    const { send } = await scripted('dpop', [() => jsonError('invalid_grant', {})]);
    expect(await (await send(`${origin}/`)).json()).toEqual({ error: 'invalid_grant' });
  });

  it.each([
    [30, [T0]],
    [31, [T0, T0 + 31]],
    [-30, [T0]],
    [-31, [T0, T0 - 31]],
  ])('OPS-14 retries by the clock of a server that is %d s ahead', async (ahead, moments) => {
    const refusal = () =>
      refusedWith('DPoP error="invalid_dpop_proof"', { date: dateOf(T0 + ahead) });
    const { send, proofs } = await scripted('dpop', [refusal]);
    await send(`${origin}/`);
    expect(proofs.map(({ iat }) => iat)).toEqual(moments);
  });

  it('OPS-14 goes back to its own clock when the server does', async () => {
    const refusal = (ahead: number) => () =>
      refusedWith('DPoP error="invalid_dpop_proof"', { date: dateOf(T0 + ahead) });
    const { send, proofs } = await scripted('dpop', [refusal(600), ok, refusal(0), ok]);
    await send(`${origin}/`);
    await send(`${origin}/`);
    expect(proofs.map(({ iat }) => iat)).toEqual([T0, T0 + 600, T0 + 600, T0]);
  });

  it.each([[undefined], ['soon']])('OPS-14 learns nothing from the date %s', async (text) => {
    const refusal = () => {
      const response = refusedWith('DPoP error="invalid_dpop_proof"');
      response.headers.delete('date');
      if (text !== undefined) response.headers.set('date', text);
      return response;
    };
    const { send, proofs } = await scripted('dpop', [refusal]);
    await send(`${origin}/`);
    expect(proofs).toHaveLength(1);
  });

  it('OPS-11 retries once in all, also where the retry is redirected', async () => {
    const moved = () => Response.redirect(`${origin}/next`, 302);
    const again = (nonce: string) => () => useNonce(nonce);
    const { send, proofs } = await scripted('dpop', [again('a'), moved, again('b'), ok]);
    expect((await send(`${origin}/`)).status).toBe(401);
    expect(proofs.map(({ nonce }) => nonce)).toEqual([undefined, 'a', 'a']);
  });
});

describe('a call with signed-http-request', () => {
  it('SHR-28 makes two requests to a server that always challenges, and returns its 401', async () => {
    const { send, proofs } = await scripted('signed-http-request', [
      (n) => refusedWith(`PoP nonce="nonce-${String(n)}", realm="x", error="invalid_token"`),
    ]);
    expect((await send(`${origin}/`)).status).toBe(401);
    expect(proofs.map(({ nonce }) => nonce)).toEqual([expect.any(String), 'nonce-1']);
  });

  it('SHR-28 uses the nonce that comes with a success', async () => {
    const next = () =>
      new Response('', { headers: { 'authentication-info': 'x="a, b", nextnonce="next"' } });
    const { send, proofs } = await scripted('signed-http-request', [next]);
    await send(`${origin}/`);
    await send(`${origin}/`);
    expect(proofs[1]).toMatchObject({ typ: 'pop', nonce: 'next' });
  });

  it('SHR-27 makes a random nonce for a server that has none', async () => {
    const { send, proofs } = await scripted('signed-http-request', [ok]);
    await send(`${origin}/`);
    await send(`${origin}/`);
    expect(new Set(proofs.map(({ nonce }) => nonce)).size).toBe(2);
  });

  it('SHR-07 SHR-08 SHR-11 covers no odd or repeated parameter, and only the type of content', async () => {
    const { send, proofs } = await scripted('signed-http-request', [ok]);
    await send(`${origin}/?a=1&b=2&b=3&c%20d=4`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain', cookie: 'x=y', 'x-own': '1' },
      body: 'x',
    });
    expect(proofs[0]).toMatchObject({
      q: [['a'], expect.any(String)],
      h: [['content-type'], expect.any(String)],
    });
  });
});

function dateOf(moment: number): string {
  return new Date(moment * 1000).toUTCString();
}
