import { checkContender, isOk } from './check-contender.js';
import { contenders, type Contender, type ContenderName } from './contenders.js';
import { driveLoad, type Slice } from './load-generator.js';
import { makeRequests } from './make-requests.js';
import { makeParties, type Parties } from './parties.js';
import { ServerProcess } from './server-process.js';

export interface Effort {
  readonly rounds: number;
  /** In each round, to each server. */
  readonly requests: number;
  readonly connections: number;
}

export interface Sample extends Slice {
  /** Of the server's processor time, all threads. */
  readonly cpuMicrosecondsPerRequest: number;
}

/** By contender, one sample for each round. */
export type Samples = ReadonlyMap<ContenderName, readonly Sample[]>;

interface Running {
  readonly contender: Contender & { readonly name: ContenderName };
  readonly server: ServerProcess;
  readonly samples: Sample[];
}

/**
 * Measures all contenders by turns, every other round in reverse, so that what changes on the machine
 * meets all of them. A first round warms up and does not count.
 */
export async function measureContenders(effort: Effort): Promise<Samples> {
  const parties = await makeParties();
  const running: Running[] = [];
  try {
    for (const contender of contenders) {
      const server = await ServerProcess.start(contender.server, parties.scenario);
      running.push({ contender, server, samples: [] });
      await checkContender(contender, server.port, parties);
      await takeSample({ contender, server }, parties, effort);
    }
    for (let round = 0; round < effort.rounds; round++) {
      for (const each of round % 2 === 0 ? running : running.toReversed()) {
        each.samples.push(await takeSample(each, parties, effort));
      }
    }
  } finally {
    await Promise.all(running.map(({ server }) => server.stop()));
  }
  return new Map(running.map(({ contender, samples }) => [contender.name, samples]));
}

async function takeSample(
  { contender, server }: Pick<Running, 'contender' | 'server'>,
  parties: Parties,
  { requests: count, connections }: Effort,
): Promise<Sample> {
  const requests = await makeRequests(contender.scheme, parties, count);
  const before = await server.cpuMicroseconds();
  const slice = await driveLoad({ port: server.port, requests, connections, expects: isOk });
  const spent = (await server.cpuMicroseconds()) - before;
  return { ...slice, cpuMicrosecondsPerRequest: spent / count };
}
