import type { DemoReport } from './demo-report.js';
import type { AuditEvent } from '@keybound/core';

/**
 * Reports a request's answer: its status, the error of its challenge, and the reason that the
 * operator was told, e.g. `401 invalid_dpop_proof (DPOP-13 dpop.replayed)`.
 */
export async function showAnswer(
  title: string,
  send: () => Promise<Response>,
  expected: string,
  { audited }: { readonly audited: readonly AuditEvent[] },
  report: DemoReport,
): Promise<void> {
  const before = audited.length;
  const { status, headers } = await send();
  const [, error] = /\berror="([^"]+)"/.exec(headers.get('www-authenticate') ?? '') ?? [];
  const reasons = audited.slice(before).map(({ requirement, code }) => `(${requirement} ${code})`);
  report.step(
    title,
    [status, ...(error === undefined ? [] : [error]), ...reasons].join(' '),
    expected,
  );
}
