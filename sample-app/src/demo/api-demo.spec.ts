import { describe, expect, it } from '@jest/globals';
import { apiDemo } from './api-demo.js';
import { DemoReport } from './demo-report.js';

describe('npm run demo -- api', () => {
  it('INV-6 lets the owner of the key in, before and after thieves are refused', async () => {
    const lines: string[] = [];
    const report = new DemoReport((line) => lines.push(line));
    await apiDemo(report);
    expect(lines.filter((line) => line.includes('✗'))).toEqual([]);
    expect(report.succeeded).toBe(true);
    expect(report.steps).toHaveLength(16);
  });
});
