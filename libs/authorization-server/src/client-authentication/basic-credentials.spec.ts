import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseBasicCredentials } from './basic-credentials.js';

interface Case {
  readonly header: string;
  readonly accept: boolean;
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly about?: string;
}

const file = new URL(
  '../../../../test/vectors/authorization-server/as-basic-auth.json',
  import.meta.url,
);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] };

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('parseBasicCredentials', () => {
  it.each(cases.map((each, index) => ({ ...each, index, about: each.about ?? each.client_id })))(
    'AS-82 [$index] $about',
    ({ header, accept, client_id, client_secret }) => {
      expect(parseBasicCredentials(header)).toEqual(
        accept ? { clientId: client_id, secret: client_secret } : undefined,
      );
    },
  );

  it('AS-82 splits at the first colon, and takes text that needed no escapes', () => {
    expect(parseBasicCredentials(basic('a:b:c'))).toEqual({ clientId: 'a', secret: 'b:c' });
    expect(parseBasicCredentials(basic('a:pä'))).toEqual({ clientId: 'a', secret: 'pä' });
  });

  it.each([
    ['nothing', 'Basic'],
    ['an empty text', 'Basic '],
    ['a colon alone', basic(':')],
    ['octets that are not UTF-8', basic('a:%FF')],
    ['half an escape', basic('a:b%4')],
    ['base64url', `Basic ${Buffer.from('a:\u00ff\u00ff\u00fe').toString('base64url')}`],
    ['slack bits', 'Basic YTpiYx=='],
    ['padding that is missing', 'Basic YTpiYw'],
    ['padding that is too much', 'Basic YTpi='],
    ['two credentials', `${basic('a:b')}, ${basic('a:b')}`],
    ['blanks within', 'Basic YTpi YTpi'],
    ['another scheme', `Bearer ${Buffer.from('a:b').toString('base64')}`],
  ])('THR-41 refuses %s', (_, header) => {
    expect(parseBasicCredentials(header)).toBeUndefined();
  });
});
