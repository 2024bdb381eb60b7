import { InMemoryKeyPairs, ResourceKeys, type Fetch } from '@keybound/client';
import { seconds, systemClock, type AuditEvent, type Clock } from '@keybound/core';
import { runApp } from '../running-app.js';
import { readSettings } from '../settings/read-settings.js';
import { freePort } from './free-port.js';

/** A clock that a demo can turn. */
export class DemoClock implements Clock {
  aheadSeconds = 0;

  now() {
    return seconds(systemClock.now() + this.aheadSeconds);
  }
}

/** The parties of the code flow, all in this process and on loopback. */
export interface CodeFlowScene {
  /** The sample app: authorization server, UserInfo and API. */
  readonly app: string;
  /** What alice types to say who she is. */
  readonly identifier: string;
  readonly audited: readonly AuditEvent[];
  /** The clock of the sample app. */
  readonly clock: DemoClock;
  readonly redirectUri: string;
  readonly keys: ResourceKeys;
  readonly fetch: Fetch;
  close(): Promise<void>;
}

/** @param environment Variables beside those for where the app listens. */
export async function setCodeFlowScene(
  environment: Readonly<Record<string, string>> = {},
): Promise<CodeFlowScene> {
  const port = await freePort();
  const app = `http://127.0.0.1:${port}`;
  const audited: AuditEvent[] = [];
  const clock = new DemoClock();
  const settings = readSettings({ PORT: String(port), ISSUER: app, ...environment });
  const audit = { record: (event: AuditEvent) => audited.push(event) };
  const running = await runApp(settings, { audit, clock });
  return {
    app,
    identifier: `acct:alice@127.0.0.1:${port}`,
    audited,
    clock,
    redirectUri: 'https://client.example/cb',
    keys: new ResourceKeys(new InMemoryKeyPairs()),
    fetch,
    close: () => running.close(),
  };
}
