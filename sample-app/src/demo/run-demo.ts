import 'reflect-metadata';
import { DemoReport } from './demo-report.js';

/** Each is loaded when it is its turn: what one needs is not started for another. */
const demos: ReadonlyMap<string, (report: DemoReport) => Promise<void>> = new Map([
  ['api', async (report) => (await import('./api-demo.js')).apiDemo(report)],
  ['code-flow', async (report) => (await import('./code-flow-demo.js')).codeFlowDemo(report)],
]);

const named = process.argv.slice(2);
const unknown = named.find((name) => !demos.has(name));
if (unknown === undefined) {
  await run(named.length === 0 ? [...demos.keys()] : named);
} else {
  console.error(`There is no demo "${unknown}", only: ${[...demos.keys()].join(', ')}.`);
  process.exitCode = 1;
}

async function run(names: readonly string[]): Promise<void> {
  const report = new DemoReport(console.log);
  for (const name of names) await demos.get(name)?.(report);
  const failed = report.steps.filter(({ asExpected }) => !asExpected);
  console.log(`\n${report.steps.length - failed.length} of ${report.steps.length} as expected.`);
  if (!report.succeeded) process.exitCode = 1;
}
