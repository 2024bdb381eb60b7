import { loggerAudit } from '@keybound/pop/nest';
import type { AuthorizationServer } from '../server/authorization-server.js';
import { buildAuthorizationServer } from '../server/build-authorization-server.js';
import type { AuthorizationServerPlugIn } from '../extension/plug-in.js';
import type { AuthorizationServerOptions } from '../server/options.schema.js';

/**
 * An authorization server before and after its start. Nest builds plug-ins when it builds
 * everything, so that a server that is injected into one of them cannot be complete yet; whoever
 * gets this one may keep it, and ask it once the application handles requests.
 */
export class StartingAuthorizationServer implements AuthorizationServer {
  readonly issuer: string;
  readonly keys: AuthorizationServer['keys'] = {
    find: (header) => this.#started.keys.find(header),
    has: (key) => this.#started.keys.has(key),
  };
  readonly tokenStatus: AuthorizationServer['tokenStatus'] = {
    isActive: (token, now) => this.#started.tokenStatus.isActive(token, now),
  };
  readonly introspection: AuthorizationServer['introspection'] = {
    introspect: (token, now) => this.#started.introspection.introspect(token, now),
  };
  readonly interactions: AuthorizationServer['interactions'] = {
    details: (id, cookie) => this.#started.interactions.details(id, cookie),
    answer: (details, csrfToken, answer) =>
      this.#started.interactions.answer(details, csrfToken, answer),
    reject: (details, csrfToken) => this.#started.interactions.reject(details, csrfToken),
  };
  readonly #options: AuthorizationServerOptions;
  #server: AuthorizationServer | undefined;

  constructor(options: AuthorizationServerOptions) {
    this.#options = options;
    this.issuer = options.issuer;
  }

  /** @throws ConfigurationError that says what to change. */
  async start(plugIns: readonly AuthorizationServerPlugIn[]): Promise<void> {
    this.#server = await buildAuthorizationServer(this.#options, plugIns, loggerAudit);
  }

  get publicUrl() {
    return this.#started.publicUrl;
  }

  get maxContentBytes() {
    return this.#started.maxContentBytes;
  }

  get services() {
    return this.#started.services;
  }

  owns(path: string): boolean {
    return this.#started.owns(path);
  }

  handle(...request: Parameters<AuthorizationServer['handle']>) {
    return this.#started.handle(...request);
  }

  metadata() {
    return this.#started.metadata();
  }

  get #started(): AuthorizationServer {
    if (this.#server !== undefined) return this.#server;
    throw new Error('The authorization server was asked before the application had started.');
  }
}
