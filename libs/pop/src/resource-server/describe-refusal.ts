import { safeText, type AuditEvent, type HttpRequestView, type Rejection } from '@keybound/core';
import type { VerifiedAccessToken } from '../access-token/verified-access-token.js';

/** What is known of a request by the time it is refused. */
export interface RefusalContext {
  readonly request?: HttpRequestView;
  readonly token?: VerifiedAccessToken;
}

/** One event for one refusal: why, who as far as verified, and where. No token, no proof. */
export function describeRefusal(
  kind: AuditEvent['kind'],
  rejection: Rejection,
  { request, token }: RefusalContext,
): AuditEvent {
  const { code, requirement, rule, detail } = rejection;
  return {
    kind,
    code,
    requirement,
    rule,
    ...(detail.expected !== undefined && { expected: safeText(detail.expected) }),
    ...(detail.actual !== undefined && { actual: safeText(detail.actual) }),
    ...(token?.clientId !== undefined && { clientId: safeText(token.clientId) }),
    ...(token !== undefined && { issuer: token.issuer }),
    ...(request !== undefined && {
      method: safeText(request.method),
      path: safeText(request.url.path),
    }),
    ...(request?.remoteAddress !== undefined && { remoteAddress: request.remoteAddress }),
  };
}
