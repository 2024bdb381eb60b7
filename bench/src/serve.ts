import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scenario } from './scenario.js';

/** What a server process tells its parent once it listens, and whenever it is asked. */
export interface ServerReport {
  readonly port: number;
  /** Processor time of the whole process so far, all threads. */
  readonly cpuMicroseconds: number;
}

/**
 * The main program of a server process: takes the scenario from its parent, and ends with it.
 *
 * @param listen Starts to listen on a free port of 127.0.0.1.
 */
export async function serve(listen: (scenario: Scenario) => Promise<Server>): Promise<void> {
  process.once('disconnect', () => process.exit());
  const [scenario] = (await once(process, 'message')) as [Scenario];
  const server = await listen(scenario);
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const report = () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ port, cpuMicroseconds: user + system } satisfies ServerReport);
  };
  process.on('message', report);
  report();
}
