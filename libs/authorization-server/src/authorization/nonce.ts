import { accept, type Rejection, type Result } from '@keybound/core';
import type { Parameters } from '../extension/parameters.js';
import { reject } from './rejections.js';

const longestNonce = 1_024;

/** AS-162. It stands in the ID token as it came: refused where it is too long, never cut. */
export function parseNonce(parameters: Parameters): Result<string | undefined, Rejection> {
  const nonce = parameters.one('nonce');
  if (nonce === undefined || nonce.length <= longestNonce) return accept(nonce);
  return reject('authorization.nonce', 'AS-162', { actual: String(nonce.length) });
}
