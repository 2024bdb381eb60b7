import { describe, expect, it } from '@jest/globals';
import { prepareRequest } from './outgoing-request.js';
import { redirectedRequest } from './redirected-request.js';
import { followRedirects } from './follow-redirects.js';

const first = (method: string, init: RequestInit = {}) =>
  prepareRequest('https://api.example.com/a?x=1#part', { method, ...init }, 'kept');

const redirect = (status: number, location = '/b') =>
  new Response(null, { status, headers: { location } });

describe('redirectedRequest (Fetch §4.4)', () => {
  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'DELETE', 'GET'],
    [301, 'PUT', 'PUT'],
    [302, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
    [303, 'HEAD', 'HEAD'],
    [307, 'GET', 'GET'],
  ])('DPOP-22 after %d turns %s into %s', async (status, method, expected) => {
    const body = ['GET', 'HEAD'].includes(method) ? null : 'content';
    const next = redirectedRequest(await first(method, { body }), redirect(status));
    expect(next).toMatchObject({ method: expected, url: 'https://api.example.com/b' });
    const kept = expected === method && body !== null;
    expect(next?.content === undefined).toBe(!kept);
    expect(next?.headers.has('content-type')).toBe(kept);
  });

  it.each([
    ['another status', redirect(300)],
    ['no location', new Response(null, { status: 302 })],
  ])('finds no redirect in a response with %s', async (_, response) => {
    expect(redirectedRequest(await first('GET'), response)).toBeUndefined();
  });

  it.each(['data:text/plain,x', 'https://u:p@api.example.com/', 'https://['])(
    'DPOP-22 refuses to go to %s',
    async (location) => {
      const request = await first('GET');
      expect(() => redirectedRequest(request, redirect(302, location))).toThrow(
        expect.objectContaining({ name: 'TypeError' }),
      );
    },
  );

  it('OPS-11 refuses to send a stream again', async () => {
    const request = await first('POST', { body: new Blob(['x']).stream(), duplex: 'half' });
    expect(() => redirectedRequest(request, redirect(307))).toThrow(/stream/);
    expect(redirectedRequest(request, redirect(303))).toMatchObject({ method: 'GET' });
  });
});

describe('followRedirects', () => {
  const elsewhere = () => Promise.reject(new Error('Nothing leads elsewhere here.'));

  it.each([
    [5, true],
    [6, false],
  ])('follows %d redirects: %s', async (redirects, followed) => {
    let sent = 0;
    const signed = async () => {
      sent += 1;
      return sent > redirects ? new Response('there') : redirect(302, `/${String(sent)}`);
    };
    const outcome = followRedirects(await first('GET'), { signed, elsewhere });
    if (followed) expect(await (await outcome).text()).toBe('there');
    else await expect(outcome).rejects.toThrow(/too often/);
    expect(sent).toBe(6);
  });

  it('hands a redirect to a caller who wants to see it', async () => {
    const signed = async () => redirect(302);
    const request = await first('GET', { redirect: 'manual' });
    expect((await followRedirects(request, { signed, elsewhere })).status).toBe(302);
  });

  it('fails for a caller who wants none', async () => {
    const signed = async () => redirect(302);
    const request = await first('GET', { redirect: 'error' });
    await expect(followRedirects(request, { signed, elsewhere })).rejects.toThrow(TypeError);
  });

  it('says so where a browser hides a redirect', async () => {
    const hidden = Object.defineProperty(new Response(), 'type', { value: 'opaqueredirect' });
    const signed = async () => hidden;
    const outcome = followRedirects(await first('GET'), { signed, elsewhere });
    await expect(outcome).rejects.toThrow(/browser hides/);
  });
});
