import {
  buildAuthorizationServer,
  type AuthorizationServer,
  type AuthorizationServerOptions,
} from '@keybound/authorization-server';
import type {
  AuthorizationServerPlugIn,
  AuthorizationServerStores,
  EndpointAnswer,
} from '@keybound/authorization-server/extension';
import { isJsonObject, splitHttpUrl, type JsonObject } from '@keybound/core';
import { RecordedAudit } from '../recorded-audit.js';
import type { RequestInput } from '../request-view.js';
import { SettableClock } from '../scene.js';
import { authorizationServerOptions } from './authorization-server-options.js';
import { overHttp } from './over-http.js';

/** An authorization server, and what a test needs to see of its inside. */
export interface TestServer {
  readonly server: AuthorizationServer;
  readonly clock: SettableClock;
  readonly audit: RecordedAudit;
  readonly stores: AuthorizationServerStores;
  /**
   * Sends it over HTTP, from this machine.
   *
   * @param request A `url` that begins with a slash is a path of the issuer.
   * @throws Whatever the server throws; Error where it has no such endpoint.
   */
  readonly send: (request: RequestInput) => Promise<TestAnswer>;
}

export interface TestAnswer extends EndpointAnswer {
  /** Every value of a field, in order. @param name Lower case. */
  readonly fields: (name: string) => readonly string[];
  /** The body as a JSON object. @throws Error for any other body. */
  readonly json: JsonObject;
}

/**
 * The authorization server of the scene, at T0, in memory.
 *
 * @param own Options that replace the scene's.
 */
export async function testServer(
  own: Partial<AuthorizationServerOptions> = {},
  plugIns: readonly AuthorizationServerPlugIn[] = [],
): Promise<TestServer> {
  const clock = new SettableClock();
  const audit = new RecordedAudit();
  const options = await authorizationServerOptions({ clock, audit, ...own });
  const server = await buildAuthorizationServer(options, plugIns);
  return {
    server,
    clock,
    audit,
    stores: server.services.stores,
    async send(request) {
      const { url = '/' } = request;
      const absolute = url.startsWith('/') ? server.services.urlOf(url) : url;
      const target = splitHttpUrl(absolute);
      if (target === undefined) throw new TypeError(`"${absolute}" is not an absolute URL.`);
      return testAnswer(await overHttp(server, request, target));
    },
  };
}

function testAnswer(answer: EndpointAnswer): TestAnswer {
  return {
    ...answer,
    fields: (name) => answer.headers.filter(([field]) => field === name).map(([, value]) => value),
    get json() {
      const value: unknown = JSON.parse(answer.body ?? '');
      if (!isJsonObject(value)) throw new Error(`Not a JSON object: ${answer.body ?? ''}`);
      return value;
    },
  };
}
