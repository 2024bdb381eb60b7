import { readFileSync } from 'node:fs';

/** Reads a vector file below `test/vectors/`. The caller knows its shape. */
export function readVectors<Shape>(file: string): Shape {
  return JSON.parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url), 'utf8')) as Shape;
}
