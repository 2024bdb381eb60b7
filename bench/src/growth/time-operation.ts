import { median } from '../median.js';
import type { GrownStore, Operation } from './operation.js';

/** Of steps that were done one after the other. */
export interface Timing {
  readonly perSecond: number;
  readonly p50Milliseconds: number;
}

/** Of what is measured, so much is done before, to warm up. */
const warmUpShare = 0.2;

/** @throws Error where the store gives a wrong answer. */
export async function timeOperation(operation: Operation, store: GrownStore): Promise<Timing> {
  const { count } = operation;
  const warmUps = Math.floor(count * warmUpShare);
  const { steps, undo } = await operation.prepare(store, count + warmUps);
  for (const step of steps.slice(0, warmUps)) await step();
  const durations: number[] = [];
  for (const step of steps.slice(warmUps)) {
    const began = performance.now();
    await step();
    durations.push(performance.now() - began);
  }
  await undo?.();
  const sum = durations.reduce((total, each) => total + each, 0);
  return { perSecond: (durations.length * 1_000) / sum, p50Milliseconds: median(durations) };
}
