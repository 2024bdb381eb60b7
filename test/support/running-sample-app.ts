import type { AuditEvent } from '@keybound/core';
import type { AppParts } from '../../sample-app/src/app-parts.js';
import { freePort } from './free-port.js';
import { HeadlessUser } from '../../sample-app/src/demo/headless-user.js';
import { runApp } from '../../sample-app/src/running-app.js';
import { readSettings } from '../../sample-app/src/settings/read-settings.js';

/** The sample app as a stranger finds it: at its issuer, over HTTP. */
export interface SampleApp {
  readonly issuer: string;
  readonly audited: readonly AuditEvent[];
  close(): Promise<void>;
}

/** @param environment Variables beside those for where it listens. */
export async function startSampleApp(
  environment: Readonly<Record<string, string>> = {},
  parts: Partial<AppParts> = {},
): Promise<SampleApp> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${String(port)}`;
  const audited: AuditEvent[] = [];
  const settings = readSettings({ PORT: String(port), ISSUER: issuer, ...environment });
  const audit = { record: (event: AuditEvent) => audited.push(event) };
  const app = await runApp(settings, { audit, ...parts });
  return { issuer, audited, close: () => app.close() };
}

/** Alice, in a browser of her own. */
export function alice(decision: 'allow' | 'deny' = 'allow'): HeadlessUser {
  return new HeadlessUser({ username: 'alice', password: 'wonderland', decision });
}

export { HeadlessUser };
