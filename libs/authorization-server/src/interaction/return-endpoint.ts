import { accept, type Rejection, type Result } from '@keybound/core';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import { hashOf } from '../server/secrets.js';
import type { BuiltIn, ServerContext } from '../server/server-context.js';
import type { InteractionRecord } from '../storage/grant-records.js';
import { findInteraction } from './find-interaction.js';
import { finishInteraction } from './finish-interaction.js';
import { isItsBrowser } from './is-its-browser.js';
import { reject } from './rejections.js';
import { returnPath } from './return-path.js';

const ticketShape = /^ticket_[A-Za-z0-9_-]{43}$/;

/** Where the browser comes back when the user has been asked. AS-22. */
export const returnEndpoint: BuiltIn = (context) => ({
  endpoints: [
    {
      name: 'authorization_return',
      below: 'issuer',
      path: returnPath,
      methods: ['GET'],
      content: 'none',
      cors: 'none',
      surface: () => ({ kind: 'page' }),
      handle: (http) => comeBack(context, http),
    },
  ],
});

async function comeBack(
  context: ServerContext,
  http: EndpointRequest,
): Promise<Result<EndpointAnswer, Rejection>> {
  const found = await findInteraction(context, http.query.one('interaction') ?? '');
  if (!found.ok) return found;
  const record = found.value;
  const held = await checkHolder(record, http);
  return held.ok ? finishInteraction(context, record, http) : held;
}

/** Both the browser's cookie and the ticket: neither a link nor a planted cookie is enough. THR-57. */
async function checkHolder(
  record: InteractionRecord,
  { view, query }: EndpointRequest,
): Promise<Result<undefined, Rejection>> {
  if (!(await isItsBrowser(record, view.headerValues('cookie')))) {
    return reject('interaction.browser', 'AS-22');
  }
  const ticket = query.one('ticket') ?? '';
  if (query.repeated.size > 0 || !ticketShape.test(ticket)) {
    return reject('interaction.ticket', 'AS-22');
  }
  return (await hashOf(ticket)) === record.answered.ticketHash
    ? accept(undefined)
    : reject('interaction.ticket', 'AS-22');
}
