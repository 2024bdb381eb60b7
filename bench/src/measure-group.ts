import { askChild } from './ask-child.js';
import type { Contender, Effort, Group, Preparation } from './group.js';
import type { Slice } from './load-generator.js';
import { ServerProcess } from './server-process.js';
import type { Services } from './stores/services.js';
import { isAvailable } from './stores/store-kind.js';
import { StorePlaces } from './stores/store-places.js';

export interface Sample extends Slice {
  /** Of the server's processor time, all threads, for each that is counted. */
  readonly cpuMicroseconds: number;
}

/** What there is to measure with: contenders that need more are left out. */
export interface Means {
  readonly services: Services;
  /** In the largest store that there is time for. */
  readonly mostGrants: number;
}

/** By contender, one sample for each round. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

interface Running<C> {
  readonly contender: C;
  readonly server: ServerProcess;
  readonly samples: Sample[];
}

/**
 * Measures all contenders by turns, every other round in reverse, so that what changes on the machine
 * meets all of them. A first round warms up and does not count.
 */
export async function measureGroup<C extends Contender>(
  group: Group<C>,
  effort: Effort,
  { services, mostGrants }: Means,
): Promise<Samples> {
  const preparation = await group.prepare();
  const places = new StorePlaces(services);
  const running: Running<C>[] = [];
  try {
    for (const contender of group.contenders) {
      const { stores = 'memory', grants = 0 } = contender;
      if (!isAvailable(stores, services) || grants > mostGrants) continue;
      const place = await places.make(stores);
      if (grants > 0)
        await askChild('growth/fill-child', [JSON.stringify({ place, size: grants })]);
      const server = await ServerProcess.start(contender.server, {
        scenario: preparation.scenarioFor(contender),
        place,
      });
      running.push({ contender, server, samples: [] });
      await checkContender(preparation, contender, server.port);
      await takeSample(preparation, { contender, server }, effort);
    }
    for (let round = 0; round < effort.rounds; round++) {
      for (const each of round % 2 === 0 ? running : running.toReversed()) {
        each.samples.push(await takeSample(preparation, each, effort));
      }
    }
  } finally {
    // A server that cannot be stopped keeps no place from being removed.
    await Promise.allSettled(running.map(({ server }) => server.stop()));
    await places.remove();
  }
  return new Map(running.map(({ contender, samples }) => [contender.name, samples]));
}

async function checkContender<C extends Contender>(
  preparation: Preparation<C>,
  contender: C,
  port: number,
): Promise<void> {
  try {
    await preparation.check(contender, port);
  } catch (cause) {
    throw new Error(`${contender.name} cannot be measured.`, { cause });
  }
}

async function takeSample<C extends Contender>(
  preparation: Preparation<C>,
  { contender, server }: Pick<Running<C>, 'contender' | 'server'>,
  effort: Effort,
): Promise<Sample> {
  const run = await preparation.load(contender, server.port, effort);
  const before = await server.cpuMicroseconds();
  const slice = await run();
  const spent = (await server.cpuMicroseconds()) - before;
  return { ...slice, cpuMicroseconds: spent / effort.count };
}
