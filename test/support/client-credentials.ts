import { signCompactJws } from '@keybound/core';
import { signerFor, type Flaw, type TestKey } from '@keybound/testing';
import type { Authentication } from './suite-client.js';

/** A client that is known by its identifier alone. */
export function byName(clientId: string): Authentication {
  return (form) => {
    if (!form.has('client_id')) form.set('client_id', clientId);
  };
}

/** `client_secret_basic`. */
export function bySecret(clientId: string, secret: string): Authentication {
  const encoded = [clientId, secret].map((part) => encodeURIComponent(part)).join(':');
  const credentials = Buffer.from(encoded).toString('base64');
  return (_form, headers) => {
    headers.set('authorization', `Basic ${credentials}`);
  };
}

/** `client_secret_post`. */
export function bySecretInForm(clientId: string, secret: string): Authentication {
  return (form) => {
    form.set('client_id', clientId);
    form.set('client_secret', secret);
  };
}

export interface Assertion {
  readonly clientId: string;
  readonly issuer: string;
  readonly key: TestKey;
  readonly now: () => number;
  readonly claims?: Flaw;
  readonly header?: Flaw;
}

/** `private_key_jwt`, by a new assertion for each request. */
export function byAssertion(assertion: Assertion): Authentication {
  return async (form) => {
    const { clientId, issuer, key, now, claims, header } = assertion;
    const own = {
      iss: clientId,
      sub: clientId,
      aud: issuer,
      iat: now(),
      exp: now() + 60,
      jti: crypto.randomUUID(),
      ...claims,
    };
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    form.set('client_assertion_type', type);
    form.set('client_assertion', await signCompactJws({ ...header }, own, await signerFor(key)));
  };
}
