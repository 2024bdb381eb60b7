import { readFileSync } from 'node:fs';

/** Reads a vector file below `test/vectors/`. The caller knows its shape. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the file's shape
export function readVectors<Shape>(file: string): Shape {
  return JSON.parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url), 'utf8')) as Shape;
}
