import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StorePlace } from './stores/store-place.js';

/** What a server process is told when it starts. */
export interface ServerTask {
  readonly scenario: object;
  /** For servers of ours; the others keep everything in memory. */
  readonly place: StorePlace;
}

/** What a server process tells its parent once it listens, and whenever it is asked. */
export interface ServerReport {
  readonly port: number;
  /** Processor time of the whole process so far, all threads. */
  readonly cpuMicroseconds: number;
}

/**
 * The main program of a server process: is told what it needs by its parent, and ends with it.
 *
 * @param listen Starts to listen on a free port of 127.0.0.1. Takes what its group tells it.
 */
export async function serve(
  listen: (scenario: never, place: StorePlace) => Promise<Server>,
): Promise<void> {
  process.once('disconnect', () => process.exit());
  const [{ scenario, place }] = (await once(process, 'message')) as [ServerTask];
  const server = await listen(scenario as never, place);
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const report = () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ port, cpuMicroseconds: user + system } satisfies ServerReport);
  };
  process.on('message', report);
  report();
}
