import type { OutgoingRequest } from './outgoing-request.js';

const contentFields = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-type',
];

/**
 * The request that a redirect asks for; undefined where the response is none. Fetch §4.4.
 *
 * @throws TypeError for a location that is not http(s), or content that cannot be sent again.
 */
export function redirectedRequest(
  request: OutgoingRequest,
  response: Response,
): OutgoingRequest | undefined {
  const { status } = response;
  const location = response.headers.get('location');
  if (location === null || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const url = new URL(location, request.url);
  url.hash = '';
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TypeError('A redirect leads to something other than a plain http(s) URL.');
  }
  if (becomesGet(status, request.method)) {
    const headers = new Headers(request.headers);
    for (const name of contentFields) headers.delete(name);
    const content = undefined;
    return { ...request, url: url.href, method: 'GET', headers, content, replayable: true };
  }
  if (!request.replayable) {
    throw new TypeError('A redirect asks for content again that was sent as a stream.');
  }
  return { ...request, url: url.href };
}

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}
