import { beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemsIn } from './readmes/problems-in.js';
import { snippetsIn } from './readmes/snippets-in.js';
import { surroundings } from './readmes/surroundings.js';

const root = join(import.meta.dirname, '../..');
const libs = readdirSync(join(root, 'libs')).map((lib) => `libs/${lib}/README.md`);
const snippets = ['README.md', ...libs].flatMap((readme) =>
  snippetsIn(readme, readFileSync(join(root, readme), 'utf8')),
);
const wrong = { name: 'a snippet that is wrong', code: "const port: number = 'none';\n" };

describe('the snippets of the READMEs', () => {
  let problems: ReadonlyMap<string, readonly string[]>;

  // One program for all, since most of the work is reading the libs.
  beforeAll(() => {
    problems = problemsIn([...snippets, wrong], root);
  });

  it.each(snippets.map(({ name }) => name))('compiles %s', (name) => {
    expect(problems.get(name)).toEqual([]);
  });

  it('finds what does not compile', () => {
    expect(problems.get(wrong.name)).toEqual(["Type 'string' is not assignable to type 'number'."]);
  });

  it('says nothing of snippets that are no more', () => {
    const names = new Set(snippets.map(({ name }) => name));
    expect(Object.keys(surroundings).filter((name) => !names.has(name))).toEqual([]);
  });
});
