import { isJsonObject, type JsonValue } from '@keybound/core';
import type { AuthorizationDetail } from '../extension/authorization-request.js';
import type { ServerContext } from '../server/server-context.js';
import type { TokenView } from './access-token-answer.js';
import type { OwnAccessToken } from './own-access-token.js';

/** Decides who may see what of a token. RFC 7662 §2.2, §4, AS-143. */
export class TokenVisibility {
  readonly #resourcesOf: ReadonlyMap<string, readonly string[]>;

  constructor(readonly context: Pick<ServerContext, 'configuration' | 'extensions' | 'resources'>) {
    this.#resourcesOf = new Map(
      context.configuration.clients.map(({ client_id, introspects }) => [client_id, introspects]),
    );
  }

  /**
   * The client that a token was issued to sees all of it; a resource that it is for, what means
   * something there; and nobody else that it exists.
   */
  of(token: OwnAccessToken, caller: string): TokenView | undefined {
    const scope = token.claims['scope'];
    const scopes = typeof scope === 'string' ? scope.split(' ') : [];
    const details = token.claims['authorization_details'];
    if (token.clientId === caller) return { scopes, authorizationDetails: details };
    const resources = this.#resourcesOf.get(caller) ?? [];
    const shared = token.audiences.filter((audience) => resources.includes(audience));
    if (shared.length === 0) return undefined;
    return {
      scopes: this.context.resources.scopesAt(shared, scopes),
      authorizationDetails: this.#detailsAt(shared, details),
    };
  }

  /** RFC 9396 §9.2. */
  #detailsAt(resources: readonly string[], details: JsonValue | undefined): JsonValue | undefined {
    if (!Array.isArray(details)) return undefined;
    const shown = (details as readonly JsonValue[]).filter(
      (detail) => isDetail(detail) && this.#belongs(detail, resources),
    );
    return shown.length === 0 ? undefined : shown;
  }

  #belongs(detail: AuthorizationDetail, resources: readonly string[]): boolean {
    const type = this.context.extensions.authorizationDetailsTypes.get(detail.type);
    const audiences = type?.audienceOf?.(detail);
    return audiences?.some((audience) => resources.includes(audience)) ?? true;
  }
}

function isDetail(value: JsonValue): value is AuthorizationDetail {
  return isJsonObject(value) && typeof value['type'] === 'string';
}
