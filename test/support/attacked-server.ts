import type { PopDemandInput, PopOptions } from '@keybound/pop';
import { dpopProof, issuerJwks, RecordedAudit, scene, SettableClock } from '@keybound/testing';
import { CountingStore } from './counting-store.js';
import { protectedServer, type ProtectedServer } from './protected-server.js';
import { rawRequest, type RawRequest, type RawResponse } from './raw-request.js';

/** A protected server whose inside a test can see. */
export interface AttackedServer extends ProtectedServer {
  readonly audit: RecordedAudit;
  readonly store: CountingStore;
  readonly clock: SettableClock;
  /** Sends `GET /orders` to `api.example.com`, with what the request replaces. */
  send(request: Partial<RawRequest>): Promise<RawResponse>;
}

/** The resource of the fixtures with every method switched on, at T0. */
export async function attackedServer(
  options: Partial<PopOptions> = {},
  demand: PopDemandInput = {},
  store = new CountingStore(),
): Promise<AttackedServer> {
  const audit = new RecordedAudit();
  const clock = new SettableClock();
  const server = await protectedServer(
    {
      preset: 'baseline',
      deployment: 'development',
      resource: scene.resource,
      publicBaseUrl: scene.resource,
      issuers: [{ issuer: scene.issuer, jwks: issuerJwks }],
      replay: { store },
      audit,
      clock,
      ...options,
    },
    demand,
  );
  return { ...server, audit, store, clock, send };

  function send({ method = 'GET', target = '/orders', headers = [], body }: Partial<RawRequest>) {
    const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
    return rawRequest(server.port, {
      method,
      target,
      headers: hasHost ? headers : [['Host', 'api.example.com'], ...headers],
      ...(body !== undefined && { body }),
    });
  }
}

/** The field lines of a token under `DPoP`; makes a perfect proof unless one is given. */
export async function underDpop(
  token: string,
  proof?: string,
): Promise<readonly (readonly [string, string])[]> {
  return [
    ['Authorization', `DPoP ${token}`],
    ['DPoP', proof ?? (await dpopProof({}, {}, token))],
  ];
}
