/**
 * @typedef {import('./catalogue.js').Digest} Digest
 * @typedef {import('./read-titles.js').CitingTest} CitingTest
 * @typedef {import('./judge-coverage.js').Coverage} Coverage
 * @typedef {import('./judge-coverage.js').GapList} GapList
 * @typedef {import('./judge-coverage.js').PartList} PartList
 */

const introduction = `# Conformance

Every requirement that Keybound answers for, with the tests that show it or the reason why there are none yet.
“Partly” says what is missing of a requirement that is built and tested in part; it is not counted as tested.
Written by \`npm run conformance\` from the test run; do not edit it by hand.

A level in brackets is our own, where the source is silent. A reference points into the specification that the row is about.
Tests that need PostgreSQL or Redis are counted like the others: they must run where \`REQUIRE_SERVICES=1\`, as in CI.
`;

/**
 * Renders `docs/conformance.md`: the same text for the same tests, whenever and wherever they ran.
 *
 * @param {readonly Digest[]} digests
 * @param {Coverage} coverage
 * @param {GapList} gapList
 * @param {PartList} partly
 * @returns {string}
 */
export function renderTable(digests, { counted }, { gaps }, partly) {
  const testsOf = (/** @type {string} */ id) => counted.get(id) ?? [];
  const summary = digests.map(({ name, title, requirements }) => {
    const all = requirements.length;
    const cited = requirements.filter(({ id }) => testsOf(id).length > 0);
    const whole = cited.filter(({ id }) => !Object.hasOwn(partly, id)).length;
    return [`[${title}](#${name})`, all, whole, cited.length - whole, all - cited.length];
  });
  const total = [1, 2, 3, 4].map((column) =>
    summary.reduce((sum, row) => sum + Number(row[column]), 0),
  );

  const sections = digests.map(({ name, title, requirements }) =>
    [
      `<a id="${name}"></a>\n\n## ${title}\n`,
      row('ID', 'Level', 'Requirement', 'Reference', 'Tests, or why there are none'),
      row('---', '---', '---', '---', '---'),
      ...requirements.map(({ id, level, statement, reference }) => {
        const proof = renderTests(testsOf(id)) || `gap: ${escape(gaps[id] ?? 'none given')}`;
        const missing = Object.hasOwn(partly, id) ? `; partly: ${escape(partly[id] ?? '')}` : '';
        return row(id, escape(level), escape(statement), escape(reference), proof + missing);
      }),
    ].join('\n'),
  );

  return [
    introduction,
    [
      row('Part', 'Requirements', 'Tested', 'Partly', 'Gaps'),
      row('---', '---:', '---:', '---:', '---:'),
      ...summary.map((cells) => row(...cells)),
      row('**All**', ...total.map((count) => `**${count}**`)),
    ].join('\n') + '\n',
    sections.join('\n\n'),
    '',
  ].join('\n');
}

/**
 * @param {readonly CitingTest[]} tests
 * @returns {string} The number of tests, the files they stand in, and the first title.
 */
function renderTests(tests) {
  const [first] = tests;
  if (first === undefined) return '';
  const files = [...new Set(tests.map(({ file }) => file))];
  const places = files.map((file) => `[${file.split('/').at(-1)}](../${file})`).join(', ');
  const more = tests.length > 1 ? ', …' : '';
  return `${tests.length}: ${places} – “${escape(shorten(first.title))}”${more}`;
}

/** @param {string} title */
function shorten(title) {
  return title.length <= 70 ? title : `${title.slice(0, 69).trimEnd()}…`;
}

/** @param {(string | number)[]} cells */
function row(...cells) {
  return `| ${cells.join(' | ')} |`;
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[\\|<>*_`[\]]/g, '\\$&').replaceAll('\n', ' ');
}
