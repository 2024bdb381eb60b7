import type { RedisConfiguration } from '../options.schema.js';
import { answeredWithin } from './answered-within.js';
import { inspectServer } from './inspect-server.js';
import { newClient, type RedisClient } from './redis-client.js';

/** A connection that stands, to a server that was found fit. */
export interface RedisLink {
  readonly client: RedisClient;
  /** Names the process at the other end: another after every start. */
  readonly run: string;
}

/** @throws ConfigurationError for an unfit server, LateAnswerError, and what the driver throws. */
export async function connectLink(configuration: RedisConfiguration): Promise<RedisLink> {
  const { timeoutMs } = configuration;
  const client = newClient(configuration);
  client.on('error', heardElsewhere);
  // One time-out to connect, which the socket knows of, and one to shake hands.
  const connecting = client.connect();
  try {
    await answeredWithin(2 * timeoutMs, connecting);
    const info = await answeredWithin(timeoutMs, client.info());
    return { client, run: inspectServer(info, configuration) };
  } catch (error) {
    client.destroy();
    // A connection that comes about after all has nobody to use it.
    connecting.then(() => {
      client.destroy();
    }, heardElsewhere);
    throw error;
  }
}

/** Whoever waits for an answer is told of the failure; without a listener the process would end. */
function heardElsewhere(): void {
  // Nothing more to do.
}
