import {
  accept,
  sha256Base64url,
  type HttpRequestView,
  type JsonValue,
  type Rejection,
  type Result,
} from '@keybound/core';
import type { OpenedSignedRequest } from './opened-signed-request.js';
import { reject } from './rejections.js';
import type { SignedRequestPolicy } from './signed-request-policy.js';

/**
 * Verifies `b` against the content as transmitted: after transfer coding, before content decoding.
 * SHR §3. A request that came through the form transport cannot cover its own content (§4.2).
 *
 * @returns Whether the content is covered.
 * @throws Error when nobody captured the content, which is a fault of the installation.
 */
export async function checkCoveredContent(
  member: JsonValue | undefined,
  request: HttpRequestView,
  opened: OpenedSignedRequest,
  policy: SignedRequestPolicy,
): Promise<Result<boolean, Rejection>> {
  if (opened.transport === 'form') {
    if (policy.requireBody === 'always') return reject('shr.b', 'SHR-14');
    return member === undefined ? accept(false) : reject('shr.b', 'SHR-17');
  }
  if (member === undefined && policy.requireBody === 'never') return accept(false);
  const content = await request.content();
  if (content.state === 'too-large') return reject('shr.content_too_large', 'SHR-12');
  if (content.state === 'aborted') return reject('shr.b', 'SHR-12', { actual: 'incomplete' });
  if (content.state === 'not-captured') {
    throw new Error('The content of a signed request was read before it could be kept.');
  }
  if (member === undefined) {
    const needed = policy.requireBody === 'always' || content.bytes.length > 0;
    return needed ? reject('shr.b', 'SHR-14', { actual: 'no b' }) : accept(false);
  }
  const hash = await sha256Base64url(content.bytes);
  if (member === hash) return accept(true);
  const actual = typeof member === 'string' ? member : typeof member;
  return reject('shr.b', 'SHR-12', { expected: hash, actual });
}
