import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readCatalogue } from './catalogue.js';
import { failedRuns, judgeCoverage, withoutStaleGaps } from './judge-coverage.js';
import { readTitles } from './read-titles.js';
import { renderTable } from './render-table.js';

/*
 * npm run conformance [-- --report FILE] [-- --update | --check]
 *
 *   --report FILE  reads Jest's JSON report from FILE, instead of running the tests
 *   --update       deletes gaps that are tested by now, and lowers `atMost` to what is left
 *   --check        writes nothing, and fails if docs/conformance.md is out of date
 */

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const gapsFile = join(here, 'gaps.json');
const tableFile = join(root, 'docs/conformance.md');
const requireServices = process.env['REQUIRE_SERVICES'] === '1';

const { values: options } = parseArgs({
  options: {
    report: { type: 'string' },
    update: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});

/** @type {import('./read-titles.js').JestReport} */
const report = JSON.parse(options.report ? readFileSync(options.report, 'utf8') : runTests());
/** @type {import('./judge-coverage.js').PartList} */
const partly = JSON.parse(readFileSync(join(here, 'partly.json'), 'utf8'));
const digests = readCatalogue(join(here, 'catalogue'));
const citations = readTitles(report, root);

/** @type {import('./judge-coverage.js').GapList} */
let gapList = JSON.parse(readFileSync(gapsFile, 'utf8'));
let coverage = judgeCoverage(digests, citations, gapList, partly, { requireServices });
if (options.update && !options.check) {
  gapList = withoutStaleGaps(gapList, coverage.stale);
  coverage = judgeCoverage(digests, citations, gapList, partly, { requireServices });
  writeFileSync(gapsFile, `${JSON.stringify(gapList, null, 2)}\n`);
}

const problems = [...failedRuns(report), ...coverage.problems];
if (problems.length === 0) problems.push(...placeTable());

if (coverage.skipped.length > 0) {
  console.log(`Counted, though their tests were skipped here: ${coverage.skipped.join(', ')}.`);
}
const gaps = Object.keys(gapList.gaps).length;
const parts = Object.keys(partly).length;
const requirements = digests.reduce((sum, digest) => sum + digest.requirements.length, 0);
const tested = requirements - parts - gaps;
console.log(
  `${requirements} requirements, ${tested} tested, ${parts} in part, ${gaps} gaps (at most ${gapList.atMost}).`,
);
for (const problem of problems) console.error(`conformance: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @returns {string} Jest's report. */
function runTests() {
  const directory = mkdtempSync(join(tmpdir(), 'keybound-conformance-'));
  try {
    const file = join(directory, 'report.json');
    const jest = join(root, 'node_modules/jest/bin/jest.js');
    const flags = ['--experimental-vm-modules', '--no-warnings', jest];
    spawnSync(process.execPath, [...flags, '--json', `--outputFile=${file}`], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** @returns {string[]} */
function placeTable() {
  const table = renderTable(digests, coverage, gapList, partly);
  if (!options.check) {
    writeFileSync(tableFile, table);
    return [];
  }
  const current = existsSync(tableFile) ? readFileSync(tableFile, 'utf8') : '';
  return current === table
    ? []
    : ['docs/conformance.md is out of date: run `npm run conformance` and commit it'];
}
