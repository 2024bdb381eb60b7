import { accept, type Rejection, type Result } from '@keybound/core';
import type { Client } from '../extension/client.js';
import { hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import type { InteractionRecord } from '../storage/grant-records.js';
import { reject } from './rejections.js';
import { resolveAgain } from './resolve-again.js';

const idShape = /^interaction_[A-Za-z0-9_-]{43}$/;

/** An interaction that is not over. @param id As it came in a URL. */
export async function findInteraction(
  context: ServerContext,
  id: string,
): Promise<Result<InteractionRecord, Rejection>> {
  if (!idShape.test(id)) return reject('interaction.unknown', 'AS-20');
  const { grants } = context.stores;
  const record = await grants.findInteraction(await hashOf(id), context.clock.now());
  return record === undefined ? reject('interaction.unknown', 'AS-20') : accept(record);
}

/** An interaction that still has a question, and the client on whose behalf it asks. */
export interface OpenInteraction {
  readonly record: InteractionRecord;
  readonly client: Client;
}

export async function findOpenInteraction(
  context: ServerContext,
  id: string,
): Promise<Result<OpenInteraction, Rejection>> {
  const found = await findInteraction(context, id);
  if (!found.ok) return found;
  const record = found.value;
  if (record.answered.ticketHash !== undefined) return reject('interaction.answered', 'AS-22');
  const client = await resolveAgain(context, record.request);
  return client.ok ? accept({ record, client: client.value }) : client;
}
