import { describe, expect, it } from '@jest/globals';
import { codeFlowDemo } from './code-flow-demo.js';
import { DemoReport } from './demo-report.js';

describe.each(['express', 'fastify'])('npm run demo -- code-flow, on %s', (adapter) => {
  it('KD-01 KD-05 KD-08 KD-09 KD-20 KD-21 CNF-07 OIDC-31 SHR-29 walks the whole flow, and refuses thieves', async () => {
    const lines: string[] = [];
    const report = new DemoReport((line) => lines.push(line));
    await codeFlowDemo(report, { HTTP_ADAPTER: adapter });
    expect(lines.filter((line) => line.includes('✗'))).toEqual([]);
    expect(report.succeeded).toBe(true);
    expect(report.steps).toHaveLength(39);
  });
});
