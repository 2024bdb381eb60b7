import { accept, type Rejection, type Result } from '@keybound/core';
import type { InteractionNext } from '../extension/interaction.js';
import { freshSecret, hashOf } from '../server/secrets.js';
import type { ServerContext } from '../server/server-context.js';
import type { InteractionProgress, InteractionRecord } from '../storage/grant-records.js';
import { assessInteraction } from './assess-interaction.js';
import type { OpenInteraction } from './find-interaction.js';
import { reject } from './rejections.js';
import { returnPath } from './return-path.js';

/** Keeps an answer, and says where the browser goes next: to another question, or back. */
export async function advance(
  context: ServerContext,
  id: string,
  { record, client }: OpenInteraction,
  answered: InteractionProgress,
): Promise<Result<InteractionNext, Rejection>> {
  const { request } = record;
  const { login, consent } = answered;
  const now = context.clock.now();
  const question = { request, client, login, now };
  const assessed = await assessInteraction(context, question, consent !== undefined);
  // A login that the request cannot be answered for is told to the client, by the return.
  if (assessed.outcome !== 'ask') return settle(context, id, record, answered);
  // A login that meanwhile became too old is asked for again, and then whatever its user allowed.
  const known = { ...answered, login: assessed.login, consent: undefined };
  if (!(await keep(context, record, known))) return reject('interaction.stale', 'THR-57');
  return accept({ to: 'interaction', location: context.configuration.interactions.url(id) });
}

/**
 * Nothing more is asked. The browser goes back with a ticket, which together with its cookie shows
 * that whoever was asked is in front of the browser that asked (AS-22).
 */
export async function settle(
  context: ServerContext,
  id: string,
  record: InteractionRecord,
  answered: InteractionProgress,
): Promise<Result<InteractionNext, Rejection>> {
  const ticket = freshSecret('ticket');
  const ticketHash = await hashOf(ticket);
  if (!(await keep(context, record, { ...answered, ticketHash }))) {
    return reject('interaction.stale', 'THR-57');
  }
  const query = `interaction=${id}&ticket=${ticket}`;
  return accept({ to: 'return', location: `${context.urlOf(returnPath)}?${query}` });
}

/** Of two answers at once, one is kept. */
function keep(
  context: ServerContext,
  record: InteractionRecord,
  answered: InteractionProgress,
): Promise<boolean> {
  const next = { ...record, version: record.version + 1, answered };
  return context.stores.grants.advanceInteraction(next, context.clock.now());
}
