import { signerFromKeyPair, type AuditEvent, type Signer } from '@keybound/core';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { runApp } from '../running-app.js';
import { readSettings } from '../settings/read-settings.js';
import { freePort } from './free-port.js';
import { startIndependentIssuer } from './independent-issuer.js';

/** The parties of the API demo, all in this process and on loopback. */
export interface DemoScene {
  /** The sample app's address. */
  readonly app: string;
  /** What the sample app told its operator. */
  readonly audited: readonly AuditEvent[];
  readonly issuer: string;
  readonly clientId: string;
  readonly clientKeys: { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey };
  /** Holds the client's private key. */
  readonly signer: Signer;
  close(): Promise<void>;
}

export async function setDemoScene(): Promise<DemoScene> {
  const clientId = 'demo-client';
  const clientKeys = await generateKeyPair('ES256');
  const port = await freePort();
  const app = `http://127.0.0.1:${port}`;
  const independent = await startIndependentIssuer({
    resource: `${app}/api`,
    clientId,
    clientJwk: await exportJWK(clientKeys.publicKey),
  });
  const { issuer } = independent;
  const audited: AuditEvent[] = [];
  const settings = readSettings({
    PORT: String(port),
    ISSUER: app,
    TRUSTED_ISSUERS: issuer,
    ALLOW_LOOPBACK_FETCH: '1',
  });
  const running = await runApp(settings, { audit: { record: (event) => audited.push(event) } });
  return {
    app,
    audited,
    issuer,
    clientId,
    clientKeys,
    signer: await signerFromKeyPair(clientKeys, 'ES256'),
    close: async () => {
      await running.close();
      await independent.close();
    },
  };
}
