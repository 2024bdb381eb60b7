import type { Rejection } from '@keybound/core';
import type { EndpointAnswer } from '../extension/endpoint.js';
import { auditRefusal } from '../server/audit-refusal.js';
import type { ServerContext } from '../server/server-context.js';
import { renderRefusal } from './render-refusal.js';

/** Answers a request of which not even the URL is certain, and with it the endpoint. */
export function refuseUnreadable(context: ServerContext, rejection: Rejection): EndpointAnswer {
  auditRefusal(context, rejection, undefined);
  return renderRefusal(rejection, { kind: 'endpoint' }, context.configuration.explain);
}
