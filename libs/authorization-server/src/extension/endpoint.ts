import type {
  EndpointErrorCode,
  ErrorSurface,
  HttpRequestView,
  JsonObject,
  JsonValue,
  Rejection,
  Result,
  Seconds,
} from '@keybound/core';
import type { Parameters } from './parameters.js';

export type EndpointMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A request after the frame has parsed it, under bounds (AS-274). */
export interface EndpointRequest {
  readonly view: HttpRequestView;
  /** Of the query for GET and DELETE, of the form for POST; empty where the content is JSON. */
  readonly parameters: Parameters;
  /** Of the query, whatever the method. */
  readonly query: Parameters;
  /** Where the endpoint takes JSON. */
  readonly json: JsonObject | undefined;
  readonly now: Seconds;
}

/** What goes on the wire, for any framework. */
export interface EndpointAnswer {
  readonly status: number;
  /** Names in lower case; `content-type` among them where there is a body. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
}

/** How refusals look: in the shape of OAuth, or as a page for a person, never a redirect. */
export type EndpointSurface = ErrorSurface | { readonly kind: 'page' };

/** A route of the authorization server. */
export interface Endpoint {
  /** Unique, e.g. `token`. */
  readonly name: string;
  /** Below the issuer's path, or below the origin (for `/.well-known/…`). */
  readonly below: 'issuer' | 'origin';
  /** Exact, e.g. `/token`. */
  readonly path: string;
  readonly methods: readonly EndpointMethod[];
  /** What a POST or PUT must carry. */
  readonly content: 'form' | 'json' | 'none';
  /** What the peer is told of JSON that is none, where `invalid_request` is not what it expects. */
  readonly malformed?: EndpointErrorCode;
  /** Whether pages of other origins may call it (AS-79), never with cookies. */
  readonly cors: 'any-origin' | 'none';
  /** Members that name it in the server's metadata. */
  metadata?(url: string): Readonly<Record<string, JsonValue>>;
  surface(request: HttpRequestView): EndpointSurface;
  /** Bad input is a refusal, which the frame audits and renders. */
  handle(request: EndpointRequest): Promise<Result<EndpointAnswer, Rejection>>;
}
