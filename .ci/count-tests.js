import { readFileSync } from 'node:fs';

// Prints `N passed, N failed` from Jest's JSON report; a spec that did not run counts as one failure.
const text = readFileSync(process.argv[2] ?? '', 'utf8');
const report = text === '' ? { numRuntimeErrorTestSuites: 1 } : JSON.parse(text);
const failed = (report.numFailedTests ?? 0) + (report.numRuntimeErrorTestSuites ?? 0);
const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
const counts = `${report.numPassedTests ?? 0} passed, ${failed} failed`;
console.log(skipped === 0 ? counts : `${counts}, ${skipped} skipped`);
