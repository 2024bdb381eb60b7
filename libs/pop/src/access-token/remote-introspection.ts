import {
  accept,
  bodyDepth,
  parseJsonObject,
  UpstreamError,
  type KeySource,
  type OutgoingForms,
  type SignatureAlgorithmName,
} from '@keybound/core';
import { checkSignedIntrospection } from './check-signed-introspection.js';
import type { TokenIntrospection } from './token-introspection.js';

/** How an issuer's introspection endpoint is asked. RFC 7662 §2.1. */
export interface RemoteIntrospectionOptions {
  readonly endpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly http: OutgoingForms;
  /** Where set, a signed response is asked for and nothing else is believed. RFC 9701. */
  readonly signedBy?: SignedIntrospectionIssuer | undefined;
}

export interface SignedIntrospectionIssuer {
  readonly issuer: string;
  readonly keys: KeySource;
  readonly algorithms: ReadonlySet<SignatureAlgorithmName>;
}

const signedType = 'application/token-introspection+jwt';
const ascii = new TextDecoder('latin1');

/**
 * Introspection over HTTP, the resource server authenticating by `client_secret_basic`. The token
 * travels in a form, never in a URL. No proof travels with it (RFC 9449 §6.2).
 */
export function remoteIntrospection({
  endpoint,
  clientId,
  clientSecret,
  http,
  signedBy,
}: RemoteIntrospectionOptions): TokenIntrospection {
  const credentials = btoa(`${formEncode(clientId)}:${formEncode(clientSecret)}`);
  const mediaTypes = [signedBy === undefined ? 'application/json' : signedType];
  return {
    async introspect(token, now) {
      const form = [
        ['token', token],
        ['token_type_hint', 'access_token'],
      ] as const;
      const authorization = `Basic ${credentials}`;
      const { body } = await http.postForm(endpoint, { form, authorization, mediaTypes });
      if (signedBy !== undefined) {
        return checkSignedIntrospection(
          ascii.decode(body),
          { ...signedBy, audience: clientId },
          now,
        );
      }
      const answer = parseJsonObject(body, bodyDepth);
      if (answer !== undefined) return accept(answer);
      throw new UpstreamError('An introspection response cannot be read.');
    },
  };
}

/** RFC 6749 §2.3.1: each half is form-encoded before they are joined. */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
