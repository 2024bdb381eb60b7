import { safeText, type AuditEvent, type HttpRequestView, type Rejection } from '@keybound/core';
import type { ServerContext } from './server-context.js';

/**
 * Tells the operator why a request was refused. AS-273. The frame does so for every refusal that an
 * endpoint returns; who turns one into a redirect calls it himself.
 *
 * @param clientId As far as it is known; it need not be authenticated.
 */
export function auditRefusal(
  { audit }: Pick<ServerContext, 'audit'>,
  rejection: Rejection,
  request: HttpRequestView | undefined,
  clientId?: string,
): void {
  const { code, requirement, rule, detail } = rejection;
  audit.record({
    kind: code.endsWith('.replayed') ? 'replay' : 'refused',
    code,
    requirement,
    rule,
    ...(detail.expected !== undefined && { expected: safeText(detail.expected) }),
    ...(detail.actual !== undefined && { actual: safeText(detail.actual) }),
    ...(clientId !== undefined && { clientId: safeText(clientId) }),
    ...where(request),
  });
}

/** Tells the operator what could not be reached. AS-271. */
export function auditFault(
  { audit }: Pick<ServerContext, 'audit'>,
  fault: Error,
  request: HttpRequestView | undefined,
): void {
  audit.record({
    kind: 'fault',
    code: fault.name,
    actual: safeText(reasonOf(fault)),
    ...where(request),
  });
}

function where(
  request: HttpRequestView | undefined,
): Pick<AuditEvent, 'method' | 'path' | 'remoteAddress'> {
  if (request === undefined) return {};
  const { method, url, remoteAddress } = request;
  return {
    method: safeText(method),
    path: safeText(url.path),
    ...(remoteAddress !== undefined && { remoteAddress }),
  };
}

function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
