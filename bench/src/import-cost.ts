import { readdir, readFile } from 'node:fs/promises';
import { askChild } from './ask-child.js';
import { median } from './median.js';

export interface ImportCost {
  readonly entry: string;
  /** Over bare Nest, median of fresh processes. */
  readonly milliseconds: number;
}

const libs = new URL('../../libs/', import.meta.url);
const neverInProduction = 'testing';

/** Measures every lib by the entry that a Nest application imports. */
export async function measureImportCosts(runs: number): Promise<readonly ImportCost[]> {
  const costs: ImportCost[] = [];
  for (const lib of (await readdir(libs)).toSorted()) {
    const entry = lib === neverInProduction ? undefined : await entryOf(lib);
    if (entry !== undefined) costs.push({ entry, milliseconds: await measureImport(entry, runs) });
  }
  return costs;
}

async function entryOf(lib: string): Promise<string | undefined> {
  const text = await readFile(new URL(`${lib}/package.json`, libs), 'utf8');
  const { name, exports = {} } = JSON.parse(text) as { name: string; exports?: object };
  if ('./nest' in exports) return `${name}/nest`;
  return '.' in exports ? name : undefined;
}

async function measureImport(entry: string, runs: number): Promise<number> {
  const measured: number[] = [];
  for (let run = 0; run < runs; run++) {
    measured.push(Number(await askChild('import-cost-child', [entry])));
  }
  return median(measured);
}
