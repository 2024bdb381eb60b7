import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { splitHttpUrl } from '@keybound/core';
import { sameTarget, targetOf } from './same-target.js';

interface Comparison {
  readonly request: string;
  readonly htu: string;
  readonly match: boolean;
  readonly note?: string;
}

const file = new URL(
  '../../../../test/vectors/sender-constrained-tokens/dpop-htu.json',
  import.meta.url,
);
const { comparison } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly comparison: readonly Comparison[];
};

/** The target of a request. A WebSocket handshake is an HTTP request of scheme https (OPS-17). */
function target(request: string): string {
  const url = splitHttpUrl(request.replace(/^ws/, 'http'));
  if (url === undefined) throw new Error(`"${request}" is no http(s) URL.`);
  return targetOf(url);
}

describe('sameTarget (RFC 9449 §4.3 (9))', () => {
  const rows = comparison.map(
    (row) => [row.match ? 'takes' : 'refuses', row.htu, row.request, row.note ?? '', row] as const,
  );
  it.each(rows)(
    'DPOP-09 %s htu %j for %s %s',
    (_verb, _htu, _request, _note, { request, htu, match }) => {
      expect(sameTarget(htu, target(request))).toBe(match);
    },
  );

  it('DPOP-09 OPS-07 gives one name to every spelling of a target', () => {
    const spellings = [
      'https://a.example/b',
      'HTTPS://A.EXAMPLE:443/./b?c#d',
      'https://a.example/x/../%62',
    ];
    expect(new Set(spellings.map(target)).size).toBe(1);
  });
});
