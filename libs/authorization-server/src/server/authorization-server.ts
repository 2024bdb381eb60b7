import type {
  HttpRequestView,
  JsonObject,
  KeySource,
  PublicUrl,
  Rejection,
  Result,
} from '@keybound/core';
import type { EndpointAnswer } from '../extension/endpoint.js';
import type { Interactions } from '../extension/interaction.js';
import type {
  AuthorizationServerPlugIn,
  AuthorizationServerServices,
} from '../extension/plug-in.js';
import type { TokenIntrospection, TokenStatus } from '@keybound/pop';

/** An authorization server, for whichever framework carries its requests. */
export interface AuthorizationServer {
  readonly issuer: string;
  readonly publicUrl: PublicUrl;
  /** Most octets of content that it reads. */
  readonly maxContentBytes: number;
  /** Whether it answers there. @param path Of the public URL, as received. */
  owns(path: string): boolean;
  /**
   * Answers a request, or undefined for a path that is not its own. Bad input is an answer; a store,
   * a key holder or another server that cannot answer is 503. Throws for nothing but a bug.
   */
  handle(request: Result<HttpRequestView, Rejection>): Promise<EndpointAnswer | undefined>;
  /** The host's side: its login and consent pages. */
  readonly interactions: Interactions;
  /** For resource servers in the same process: the keys of its access tokens. */
  readonly keys: KeySource;
  /** For resource servers in the same process: whether a token was revoked. */
  readonly tokenStatus: TokenStatus;
  /** For resource servers in the same process: what reference tokens stand for. */
  readonly introspection: TokenIntrospection;
  readonly metadata: () => JsonObject;
  readonly services: AuthorizationServerServices;
}

export type { AuthorizationServerPlugIn };
