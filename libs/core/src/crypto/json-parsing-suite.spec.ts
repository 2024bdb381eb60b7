import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { bodyDepth, parseJson } from './parse-json.js';

interface Document {
  readonly name: string;
  readonly rfc8259: 'accept' | 'reject' | 'either';
  readonly base64?: string;
  readonly repeat?: { readonly text: string; readonly times: number };
  readonly trailing?: string;
}

const file = new URL('../../../../test/vectors/threats/json-parsing-suite.json', import.meta.url);
const { cases, count } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly cases: readonly Document[];
  readonly count: number;
};

/** Valid JSON that we refuse, because two parsers could read it differently. */
const stricter: Readonly<Record<string, string>> = {
  y_object_duplicated_key: 'a member name twice',
  y_object_duplicated_key_and_value: 'a member name twice',
};

/** Where the grammar leaves the choice, all that we take: numbers that merely lose digits. */
const takenByChoice = [
  'i_number_double_huge_neg_exp',
  'i_number_real_underflow',
  'i_number_too_big_neg_int',
  'i_number_too_big_pos_int',
  'i_number_very_big_negative_int',
];

function octetsOf({ base64, repeat, trailing = '' }: Document): Uint8Array {
  if (repeat === undefined) return Buffer.from(base64 ?? '', 'base64');
  return Buffer.from(repeat.text.repeat(repeat.times) + trailing);
}

function expectedOf({ name, rfc8259 }: Document): boolean {
  if (rfc8259 === 'either') return takenByChoice.includes(name);
  return rfc8259 === 'accept' && !(name in stricter);
}

describe('JSONTestSuite', () => {
  it('is there to the last document', () => {
    const names = cases.map(({ name }) => name);
    expect(names).toHaveLength(count);
    expect(
      [...Object.keys(stricter), ...takenByChoice].filter((name) => !names.includes(name)),
    ).toEqual([]);
  });

  it.each(cases.map((document) => [document.rfc8259, document.name, document] as const))(
    'THR-06 (%s) %s',
    (_verdict, _name, document) => {
      expect(parseJson(octetsOf(document), bodyDepth) !== undefined).toBe(expectedOf(document));
    },
  );
});
