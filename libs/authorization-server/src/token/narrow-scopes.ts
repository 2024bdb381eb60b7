import { accept, type Rejection, type Result } from '@keybound/core';
import type { Parameters } from '../extension/parameters.js';
import { reject } from './rejections.js';

/** What of the granted scopes a request asks for: all, where it does not say. AS-69. */
export function narrowScopes(
  granted: readonly string[],
  parameters: Parameters,
): Result<readonly string[], Rejection> {
  const asked = parameters.one('scope');
  if (asked === undefined) return accept(granted);
  const scopes = new Set(asked.split(' ').filter((scope) => scope !== ''));
  const wider = [...scopes].find((scope) => !granted.includes(scope));
  return wider === undefined
    ? accept([...scopes])
    : reject('token.scope', 'AS-69', { expected: granted.join(' '), actual: wider });
}
