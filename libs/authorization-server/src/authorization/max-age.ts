import { accept, type Rejection, type Result } from '@keybound/core';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

const wholeSeconds = /^[0-9]{1,15}$/;

/** How long ago, in seconds, the user may have logged in. OpenID Connect Core §3.1.2.1. */
export function parseMaxAge({
  parameters,
  client,
}: EffectiveRequest): Result<number | undefined, Rejection> {
  const asked = parameters.one('max_age');
  if (asked === undefined) return accept(client.metadata.default_max_age);
  if (asked.length <= 15 && wholeSeconds.test(asked)) return accept(Number(asked));
  return reject('authorization.max_age', 'AS-171', { actual: asked });
}
