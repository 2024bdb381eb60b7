import { ConfigurationError } from '@keybound/core';
import { ErrorReply } from 'redis';
import type { RedisConfiguration } from '../options.schema.js';
import { answeredWithin } from './answered-within.js';
import { inspectServer } from './inspect-server.js';
import { newClient, type RedisClient } from './redis-client.js';
import { unlessBug } from './unless-bug.js';

/** A connection that stands, to a server that was found fit. */
export interface RedisLink {
  readonly client: RedisClient;
  /** Names the process at the other end: another after every start. */
  readonly run: string;
}

/**
 * @throws ConfigurationError for an unfit server, and for one that has not what the URL names;
 *   LateAnswerError, and what the driver throws.
 */
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
    throw unlessMisconfigured(error);
  }
}

/** No script of ours was sent yet: what the server rejects is what the URL says. */
function unlessMisconfigured(error: unknown): unknown {
  if (!(error instanceof ErrorReply) || unlessBug(error) !== error) return error;
  // What follows may repeat what was sent, and the password with it (THR-76).
  const [problem = ''] = error.message.split(', with args');
  return new ConfigurationError(`Redis: the server does not take what url says: ${problem}.`);
}

/** Whoever waits for an answer is told of the failure; without a listener the process would end. */
function heardElsewhere(): void {
  // Nothing more to do.
}
