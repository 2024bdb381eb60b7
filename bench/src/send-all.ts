import { isOk } from './expected-status.js';
import { driveLoad, type Slice, type Task } from './load-generator.js';

/** What sends requests that must all be answered with 200, each once. */
export function sendAll(
  requests: readonly Buffer[],
  port: number,
  connections: number,
): () => Promise<Slice> {
  const tasks = requests.map(
    (request): Task =>
      (connection) =>
        connection.expect(isOk, request),
  );
  return () => driveLoad({ port, tasks, connections });
}
