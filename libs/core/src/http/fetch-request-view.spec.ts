import { describe, expect, it } from '@jest/globals';
import { fetchRequestView } from './fetch-request-view.js';

function viewOf(request: Request, maxBytes = 100) {
  const view = fetchRequestView(request, maxBytes);
  if (!view.ok) throw new Error(view.failure.code);
  return view.value;
}

describe('fetchRequestView', () => {
  it('shows what the request is', async () => {
    const headers = { DPoP: 'proof', 'Content-Type': 'text/plain' };
    const request = new Request('https://api.example.com/a%2Fb?x=1', {
      method: 'POST',
      headers,
      body: 'text',
    });
    const view = viewOf(request);
    expect(view).toMatchObject({
      method: 'POST',
      rawTarget: '/a%2Fb?x=1',
      remoteAddress: undefined,
    });
    expect(view.headerValues('dpop')).toEqual(['proof']);
    expect(view.headerValues('authorization')).toEqual([]);
    expect(await view.content()).toMatchObject({ state: 'captured', bytes: Buffer.from('text') });
    expect(await request.text()).toBe('text');
  });

  it('THR-22 shows a repeated field as one value that is no credential', async () => {
    const headers = new Headers([
      ['dpop', 'one'],
      ['dpop', 'two'],
    ]);
    const view = viewOf(new Request('https://api.example.com/', { headers }));
    expect(view.headerValues('dpop')).toEqual(['one, two']);
  });

  it('THR-13 keeps no more content than it may', async () => {
    const request = (length: number) =>
      new Request('https://api.example.com/', { method: 'POST', body: 'x'.repeat(length) });
    expect((await viewOf(request(100)).content()).state).toBe('captured');
    expect(await viewOf(request(101)).content()).toEqual({ state: 'too-large' });
  });

  it('has no content where there is none', async () => {
    const view = viewOf(new Request('https://api.example.com/'));
    expect(await view.content()).toMatchObject({ state: 'captured', bytes: { length: 0 } });
  });
});
