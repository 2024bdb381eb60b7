/**
 * @typedef {import('./catalogue.js').Digest} Digest
 * @typedef {import('./read-titles.js').CitingTest} CitingTest
 * @typedef {import('./read-titles.js').JestReport} JestReport
 *
 * @typedef {object} GapList
 * @property {number} atMost How many gaps there may be. It is only ever lowered.
 * @property {Readonly<Record<string, string>>} gaps The reason, by requirement ID.
 *
 * @typedef {Readonly<Record<string, string>>} PartList
 * What is missing of requirements that are built and tested in part, by requirement ID.
 *
 * @typedef {object} Coverage
 * @property {ReadonlyMap<string, readonly CitingTest[]>} counted Tests that count, by requirement ID.
 * @property {readonly string[]} stale IDs in the list of gaps that have tests by now.
 * @property {readonly string[]} skipped IDs that count only by tests that were skipped.
 * @property {readonly string[]} problems Why the run fails; empty if it does not.
 */

/**
 * Judges whether every requirement has a passing test or an honest gap, and whether those that are
 * built in part have both a test and a word about the rest.
 *
 * @param {readonly Digest[]} digests
 * @param {ReadonlyMap<string, readonly CitingTest[]>} citations What {@link readTitles} found.
 * @param {GapList} gapList
 * @param {PartList} partly
 * @param {{ requireServices: boolean }} mode A skipped test counts only where services may be missing.
 * @returns {Coverage}
 */
export function judgeCoverage(digests, citations, gapList, partly, { requireServices }) {
  const ids = digests.flatMap((digest) => digest.requirements.map(({ id }) => id));
  const listed = new Set(ids);
  const gapIds = Object.keys(gapList.gaps);
  const counts = requireServices ? ['passed'] : ['passed', 'pending'];

  const counted = new Map(
    ids.map((id) => [
      id,
      (citations.get(id) ?? []).filter(({ status }) => counts.includes(status)),
    ]),
  );
  const hasTests = (/** @type {string} */ id) => (counted.get(id) ?? []).length > 0;
  const stale = gapIds.filter(hasTests);
  const skipped = ids.filter(
    (id) => hasTests(id) && !(counted.get(id) ?? []).some(({ status }) => status === 'passed'),
  );
  const misplaced = (/** @type {string} */ file, /** @type {PartList} */ list) =>
    Object.entries(list).flatMap(([id, text]) => [
      ...(listed.has(id) ? [] : [`${id} stands in ${file} but not in the catalogue`]),
      ...(text.trim() === '' ? [`${id} stands in ${file} without a reason`] : []),
    ]);

  const problems = [
    ...[...citations]
      .filter(([id]) => !listed.has(id))
      .map(
        ([id, [test]]) => `${id} is not in the catalogue; cited in ${test?.file}: "${test?.title}"`,
      )
      .sort(),
    ...ids
      .filter((id) => !hasTests(id) && !Object.hasOwn(gapList.gaps, id))
      .map((id) => `${id} has neither a passing test nor a line in gaps.json`),
    ...stale.map((id) => `${id} has tests: delete its line in gaps.json (or run with --update)`),
    ...misplaced('gaps.json', gapList.gaps),
    ...misplaced('partly.json', partly),
    ...ids
      .filter((id) => Object.hasOwn(partly, id) && !hasTests(id))
      .map((id) => `${id} stands in partly.json but has no tests: it is a gap`),
    ...(gapIds.length > gapList.atMost
      ? [`${gapIds.length} gaps, at most ${gapList.atMost} allowed: the number may only fall`]
      : []),
  ];
  return { counted, stale, skipped, problems };
}

/**
 * Tests that failed, and specs that did not run: they hide titles.
 *
 * @param {JestReport} report
 * @returns {string[]}
 */
export function failedRuns({ testResults }) {
  return testResults
    .filter(
      ({ status, assertionResults }) =>
        status === 'failed' || assertionResults.some((test) => test.status === 'failed'),
    )
    .map(({ name }) => `${name} has failing tests, or did not run`)
    .sort();
}

/**
 * The list of gaps without what is tested by now; `atMost` falls with it and never rises.
 *
 * @param {GapList} gapList
 * @param {readonly string[]} stale
 * @returns {GapList}
 */
export function withoutStaleGaps({ atMost, gaps }, stale) {
  const left = Object.entries(gaps).filter(([id]) => !stale.includes(id));
  return { atMost: Math.min(atMost, left.length), gaps: Object.fromEntries(left) };
}
