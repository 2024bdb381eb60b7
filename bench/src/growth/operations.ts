import type { Operation } from './operation.js';
import { reads } from './reads.js';
import { refreshes } from './refreshes.js';
import { writes } from './writes.js';

export const operations: readonly Operation[] = [...reads, ...refreshes, ...writes];
