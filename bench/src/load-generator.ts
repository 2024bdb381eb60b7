import { Connection } from './connection.js';

/** What is measured: one request, or several that follow from one another. */
export type Task = (connection: Connection) => Promise<unknown>;

export interface Load {
  readonly port: number;
  /** Each done once. */
  readonly tasks: readonly Task[];
  /** Of which each waits for the end of its task before it takes another. */
  readonly connections: number;
}

export interface Slice {
  readonly perSecond: number;
  readonly p50Milliseconds: number;
  readonly p99Milliseconds: number;
}

/**
 * Does all tasks over connections that are kept alive, as fast as the server answers (a closed
 * loop). Connecting is not measured.
 *
 * @throws Whatever the first task that failed threw.
 */
export async function driveLoad(load: Load): Promise<Slice> {
  const connections = await Promise.all(
    Array.from({ length: load.connections }, () => Connection.open(load.port)),
  );
  const durations = new Float64Array(load.tasks.length);
  const queue = load.tasks.entries();
  const began = performance.now();
  try {
    await Promise.all(connections.map((connection) => drain(connection, queue, durations)));
  } finally {
    for (const connection of connections) connection.close();
  }
  const elapsed = performance.now() - began;
  durations.sort();
  return {
    perSecond: (durations.length * 1_000) / elapsed,
    p50Milliseconds: durations[Math.floor(durations.length * 0.5)] ?? NaN,
    p99Milliseconds: durations[Math.floor(durations.length * 0.99)] ?? NaN,
  };
}

/** Takes tasks off the common queue until it is empty. */
async function drain(
  connection: Connection,
  queue: IterableIterator<[number, Task]>,
  durations: Float64Array,
): Promise<void> {
  for (const [index, task] of queue) {
    const began = performance.now();
    await task(connection);
    durations[index] = performance.now() - began;
  }
}
