import { describe, expect, it } from '@jest/globals';
import { failedRuns, judgeCoverage, withoutStaleGaps } from './judge-coverage.js';
import { citedIds, readTitles } from './read-titles.js';
import { renderTable } from './render-table.js';

const requirement = (id: string) => ({
  id,
  level: 'MUST',
  who: 'RS',
  statement: `What ${id} asks | in one line`,
  reference: '§1',
});
const digests = [
  { name: 'one', title: 'One', requirements: [requirement('ONE-01'), requirement('ONE-02b')] },
  { name: 'two', title: 'Two', requirements: [requirement('TWO-B-01')] },
];
const otherGaps = { 'ONE-02b': 'not yet built', 'TWO-B-01': 'later' };
const allGaps = { 'ONE-01': 'not yet built', 'ONE-02b': 'not yet built', 'TWO-B-01': 'later' };

/** A report of one spec; each test is its path of titles and, after `!`, a status other than passed. */
function reportOf(...tests: string[]) {
  const assertionResults = tests.map((test) => {
    const [path = '', status = 'passed'] = test.split('!');
    const titles = path.split(' > ');
    return { ancestorTitles: titles.slice(0, -1), title: titles.at(-1) ?? '', status };
  });
  return { testResults: [{ name: '/root/libs/a.spec.ts', status: 'passed', assertionResults }] };
}

function judge(tests: string[], gaps: Record<string, string>, requireServices = false, atMost = 3) {
  const citations = readTitles(reportOf(...tests), '/root');
  return judgeCoverage(digests, citations, { atMost, gaps }, {}, { requireServices });
}

/** With a test for `ONE-01`, and gaps for the others. */
function judgeParts(partly: Record<string, string>, gaps: Record<string, string> = otherGaps) {
  const citations = readTitles(reportOf('ONE-01 a'), '/root');
  return judgeCoverage(digests, citations, { atMost: 3, gaps }, partly, { requireServices: true });
}

describe('citedIds', () => {
  it.each([
    ['DPOP-09 refuses', ['DPOP-09']],
    ['DPOP-09 THR-26 refuses', ['DPOP-09', 'THR-26']],
    ['SHR-01, SHR-02: both', ['SHR-01', 'SHR-02']],
    ['ATT-13b and HAIP-I-03 answer', ['ATT-13b', 'HAIP-I-03']],
    ['INV-1', ['INV-1']],
    ['DPOP-09 (dpop.htu) refuses DPOP-10', ['DPOP-09']],
    ['refuses what DPOP-09 forbids', []],
    ['SHA-256 digests', []],
    ['UTF-8 text', []],
    ['DPOP-09x1 is no ID', []],
  ])('reads what "%s" starts with', (title, ids) => {
    expect(citedIds(title)).toEqual(ids);
  });
});

describe('judgeCoverage', () => {
  it('is content with a test or a gap for each requirement, and counts a describe', () => {
    const tests = ['ONE-01 works', 'TWO-B-01 flow > step one', 'TWO-B-01 flow > step two'];
    const { problems, counted } = judge(tests, { 'ONE-02b': 'not yet built' });
    expect(problems).toEqual([]);
    expect(counted.get('TWO-B-01')).toHaveLength(2);
  });

  it.each([
    ['an unlisted ID in a title', ['ONE-99 works'], allGaps, /ONE-99 is not in the catalogue/],
    ['an ID with neither', [], { 'ONE-01': 'x', 'ONE-02b': 'x' }, /TWO-B-01 has neither/],
    [
      'an ID whose only test failed',
      ['ONE-01 a!failed'],
      { ...allGaps, 'ONE-01': undefined },
      /ONE-01 has neither/,
    ],
    [
      'an ID with only a todo',
      ['ONE-01 a!todo'],
      { ...allGaps, 'ONE-01': undefined },
      /ONE-01 has neither/,
    ],
    ['a stale gap', ['ONE-01 works'], allGaps, /ONE-01 has tests: delete its line/],
    [
      'a gap for an unknown ID',
      [],
      { ...allGaps, 'SIX-01': 'x' },
      /SIX-01 stands in gaps.json but/,
    ],
    [
      'a gap without a reason',
      [],
      { ...allGaps, 'ONE-01': ' ' },
      /ONE-01 stands in gaps.json without/,
    ],
  ])('fails on %s', (_flaw, tests, gaps, problem) => {
    const given = Object.entries(gaps).filter(
      (gap): gap is [string, string] => gap[1] !== undefined,
    );
    const { problems } = judge(tests, Object.fromEntries(given), false, 9);
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });

  it('fails on one gap more than allowed', () => {
    expect(judge([], allGaps, false, 3).problems).toEqual([]);
    expect(judge([], allGaps, false, 2).problems).toEqual([
      expect.stringMatching(/3 gaps, at most 2/),
    ]);
  });

  it('is content with a word about what is missing of a requirement that has tests', () => {
    expect(judgeParts({ 'ONE-01': 'half of it' }).problems).toEqual([]);
  });

  it.each([
    ['an unknown ID', { 'SIX-01': 'half' }, otherGaps, /SIX-01 stands in partly.json but not in/],
    ['no word', { 'ONE-01': ' ' }, otherGaps, /ONE-01 stands in partly.json without a reason/],
    ['a gap', { 'TWO-B-01': 'half' }, otherGaps, /TWO-B-01 stands in partly.json but has no tests/],
    [
      'a stale gap',
      { 'ONE-01': 'half' },
      allGaps,
      /ONE-01 has tests: delete its line in gaps.json/,
    ],
  ])('fails on a requirement built in part with %s', (_flaw, partly, gaps, problem) => {
    expect(judgeParts(partly, gaps).problems).toEqual([expect.stringMatching(problem)]);
  });

  it('fails on a requirement built in part without a test, gap or not', () => {
    expect(judgeParts({ 'ONE-02b': 'half' }, { 'TWO-B-01': 'later' }).problems).toEqual([
      expect.stringMatching(/ONE-02b has neither/),
      expect.stringMatching(/ONE-02b stands in partly.json but has no tests/),
    ]);
  });

  it('counts a skipped test, and says so, only where services may be missing', () => {
    const gaps = { 'ONE-02b': 'x', 'TWO-B-01': 'x' };
    expect(judge(['ONE-01 a!pending'], gaps)).toMatchObject({ problems: [], skipped: ['ONE-01'] });
    expect(judge(['ONE-01 a!pending'], gaps, true).problems).toEqual([
      expect.stringMatching(/ONE-01 has neither/),
    ]);
  });
});

describe('failedRuns', () => {
  it('names specs with failing tests and specs that did not run', () => {
    expect(failedRuns(reportOf('ONE-01 a'))).toEqual([]);
    expect(failedRuns(reportOf('ONE-01 a!failed'))).toHaveLength(1);
    expect(
      failedRuns({ testResults: [{ name: '/a.spec.ts', status: 'failed', assertionResults: [] }] }),
    ).toHaveLength(1);
  });
});

describe('withoutStaleGaps', () => {
  it('deletes stale lines and lowers the limit', () => {
    expect(withoutStaleGaps({ atMost: 3, gaps: allGaps }, ['ONE-01'])).toEqual({
      atMost: 2,
      gaps: { 'ONE-02b': 'not yet built', 'TWO-B-01': 'later' },
    });
  });

  it('never raises the limit', () => {
    expect(withoutStaleGaps({ atMost: 1, gaps: allGaps }, []).atMost).toBe(1);
  });
});

describe('renderTable', () => {
  it('lists tests and gaps, whatever order the tests ran in', () => {
    const tests = ['ONE-01 b', 'ONE-01 a'];
    const gapList = { atMost: 2, gaps: { 'ONE-02b': 'not yet built', 'TWO-B-01': 'later' } };
    const table = renderTable(digests, judge(tests, gapList.gaps), gapList, {});
    expect(table).toContain('| [One](#one) | 2 | 1 | 0 | 1 |');
    expect(table).toContain('What ONE-01 asks \\| in one line');
    expect(table).toContain('2: [a.spec.ts](../libs/a.spec.ts) – “ONE-01 a”, …');
    expect(table).toContain('gap: not yet built |');
    expect(renderTable(digests, judge(tests.toReversed(), gapList.gaps), gapList, {})).toBe(table);
  });

  it('counts what is built in part apart, and says what is missing', () => {
    const gapList = { atMost: 2, gaps: otherGaps };
    const partly = { 'ONE-01': 'no `x_y` | yet' };
    const table = renderTable(digests, judgeParts(partly), gapList, partly);
    expect(table).toContain('| [One](#one) | 2 | 0 | 1 | 1 |');
    expect(table).toContain('| **All** | **3** | **0** | **1** | **2** |');
    expect(table).toContain('“ONE-01 a”; partly: no \\`x\\_y\\` \\| yet |');
  });

  it('renders a skipped test like one that ran', () => {
    const gapList = { atMost: 2, gaps: { 'ONE-02b': 'x', 'TWO-B-01': 'x' } };
    const [ran, skipped] = ['ONE-01 a', 'ONE-01 a!pending'].map((test) =>
      renderTable(digests, judge([test], gapList.gaps), gapList, {}),
    );
    expect(skipped).toBe(ran);
  });
});
