import { randomInt } from 'node:crypto';
import type { Family } from './family.js';
import type { Population } from './population.js';

/** Families of the store, anywhere in it; one can come twice. */
export function pick(population: Population, count: number): readonly Family[] {
  return Array.from({ length: count }, () => population.family(randomIndex(population)));
}

/** The same, but each once. The store has more than so many. */
export function pickEachOnce(population: Population, count: number): readonly Family[] {
  const indices = new Set<number>();
  while (indices.size < count) indices.add(randomIndex(population));
  return [...indices].map((index) => population.family(index));
}

let next = 0;

/** Families that are not in the store, and never were. */
export function strangers(population: Population, count: number): readonly Family[] {
  return Array.from({ length: count }, () => population.family(population.size + next++));
}

/** Not the first, which others are copied from. */
function randomIndex({ size }: Population): number {
  return randomInt(1, size);
}
