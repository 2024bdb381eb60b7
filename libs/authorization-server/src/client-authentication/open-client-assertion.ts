import {
  accept,
  isMediaType,
  parseCompactJws,
  type Rejection,
  type Result,
  type UnverifiedJws,
} from '@keybound/core';
import type { Parameters } from '../extension/parameters.js';
import type { AuthorizationServerConfiguration } from '../server/options.schema.js';
import {
  clientAssertionClaims,
  type ClientAssertionClaims,
} from './client-assertion-claims.schema.js';
import { reject, rejectJws } from './rejections.js';

/** A client assertion for which nobody vouches yet. */
export interface OpenedClientAssertion {
  readonly jws: UnverifiedJws;
  readonly claims: ClientAssertionClaims;
}

export type OpenClientAssertion = (
  parameters: Parameters,
) => Result<OpenedClientAssertion, Rejection> | undefined;

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Trust chains travel in the header. */
const maxLength = 60_000;

/** Opens the assertion of a request, where it has one: form, `alg`, `typ`, claims. AS-84, AS-87, THR-40. */
export function clientAssertionOpener({
  algorithms,
  strictTyp,
}: AuthorizationServerConfiguration['clientAssertions']): OpenClientAssertion {
  const expectation = {
    accepts: (typ: unknown) =>
      isMediaType(typ, 'client-authentication+jwt') ||
      (!strictTyp && (typ === undefined || isMediaType(typ, 'jwt'))),
    algorithms: new Set<string>(algorithms),
    maxLength,
  };
  return (parameters) => {
    const assertion = parameters.one('client_assertion');
    const type = parameters.one('client_assertion_type');
    if (assertion === undefined && type === undefined) return undefined;
    if (type !== assertionType) return reject('client_assertion.type', 'AS-84');
    if (assertion === undefined) return reject('client_assertion.format', 'THR-40');
    const jws = parseCompactJws(assertion, expectation);
    if (!jws.ok) return rejectJws(jws.failure);
    return checkClaims(jws.value);
  };
}

function checkClaims(jws: UnverifiedJws): Result<OpenedClientAssertion, Rejection> {
  const claims = clientAssertionClaims.safeParse(jws.unverifiedPayload);
  if (!claims.success) {
    const actual = String(claims.error.issues[0]?.path[0] ?? 'payload');
    const requirement = actual === 'jti' ? 'AS-86' : 'AS-84';
    return reject('client_assertion.claims', requirement, { actual });
  }
  const { iss, sub } = claims.data;
  if (iss === sub) return accept({ jws, claims: claims.data });
  return reject('client_assertion.subject', 'AS-84', { expected: sub, actual: iss });
}
