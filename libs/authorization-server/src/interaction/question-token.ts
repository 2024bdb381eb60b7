import { equalInConstantTime, hmacSha256 } from '@keybound/core';
import type { InteractionRecord } from '../storage/grant-records.js';

const shape = /^([1-9]\d{0,5})\.([A-Za-z0-9_-]{43})$/;

/**
 * The token that a form sends back (THR-57): of one question, in one interaction, in one browser.
 *
 * Its key is what the browser's cookie hashes to, so that a page on another host, to which the cookie
 * is not sent, can have it from `details`, and nobody can make it who knows only the identifier.
 */
export function questionToken({ browserHash, hash, version }: InteractionRecord): string {
  return `${version}.${tag(browserHash, hash, version)}`;
}

/** `stale`: of an earlier question of the same interaction, answered meanwhile. */
export function checkQuestionToken(
  record: InteractionRecord,
  token: string | undefined,
): 'current' | 'stale' | 'forged' {
  const [, version = '', given = ''] = shape.exec(token ?? '') ?? [];
  const expected = tag(record.browserHash, record.hash, Number(version));
  if (!equalInConstantTime(Buffer.from(given), Buffer.from(expected))) return 'forged';
  return Number(version) === record.version ? 'current' : 'stale';
}

function tag(browserHash: string, interactionHash: string, version: number): string {
  const data = `interaction ${interactionHash} ${version}`;
  return Buffer.from(hmacSha256(browserHash, data)).toString('base64url');
}
