import { relative } from 'node:path';

/**
 * What conformance needs of Jest's `--json` report.
 *
 * @typedef {object} JestReport
 * @property {readonly TestFile[]} testResults
 *
 * @typedef {object} TestFile
 * @property {string} name Absolute path of the spec.
 * @property {string} status
 * @property {string} [message]
 * @property {readonly Assertion[]} assertionResults
 *
 * @typedef {object} Assertion
 * @property {readonly string[]} ancestorTitles
 * @property {string} title
 * @property {string} status `passed`, `failed`, `pending` (skipped), `todo`, …
 *
 * @typedef {object} CitingTest
 * @property {string} file Relative to the root, with slashes.
 * @property {string} title
 * @property {string} status
 */

const requirementId = /^[A-Z]+(?:-[A-Z]+)*-\d+[a-z]?(?![\w-])/;
const separator = /^(?:\s*[,:;/+]\s*|\s+and\s+|\s+)/;
/** Names of the field that are spelt like an ID. */
const otherNames = /^(?:SHA|UTF|ISO|P|AES|FIPS)-\d+(?![\w-])/;

/**
 * The requirement IDs that a title starts with: `DPOP-09 THR-26 refuses …`, `SHR-01, SHR-02: …`.
 *
 * @param {string} title
 * @returns {string[]}
 */
export function citedIds(title) {
  const ids = [];
  let rest = title.trimStart();
  for (;;) {
    const id = otherNames.test(rest) ? undefined : requirementId.exec(rest)?.[0];
    if (id === undefined) return ids;
    ids.push(id);
    rest = rest.slice(id.length);
    rest = rest.slice(separator.exec(rest)?.[0].length ?? 0);
  }
}

/**
 * Which tests cite which requirement, by their own title or that of a `describe` around them.
 *
 * @param {JestReport} report
 * @param {string} root Absolute path that file names are made relative to.
 * @returns {Map<string, CitingTest[]>} Tests by requirement ID, sorted by file and title.
 */
export function readTitles(report, root) {
  /** @type {Map<string, CitingTest[]>} */
  const citations = new Map();
  for (const { name, assertionResults } of report.testResults) {
    const file = relative(root, name).replaceAll('\\', '/');
    for (const { ancestorTitles, title, status } of assertionResults) {
      const ids = new Set([...ancestorTitles, title].flatMap(citedIds));
      for (const id of ids) {
        const tests = citations.get(id) ?? [];
        tests.push({ file, title, status });
        citations.set(id, tests);
      }
    }
  }
  for (const tests of citations.values()) tests.sort(byFileAndTitle);
  return citations;
}

/**
 * @param {CitingTest} a
 * @param {CitingTest} b
 */
function byFileAndTitle(a, b) {
  const [left, right] = [`${a.file}\n${a.title}`, `${b.file}\n${b.title}`];
  return left < right ? -1 : Number(left > right);
}
