import { accept, type Rejection, type Result } from '@keybound/core';
import type { ServerContext } from '../server/server-context.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

/** All that have a meaning here and may come once. `redirect_uri` and `client_id` are judged before. */
const known: readonly string[] = [
  'response_type',
  'response_mode',
  'state',
  'scope',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'authorization_details',
  'claims',
  'prompt',
  'max_age',
  'acr_values',
  'id_token_hint',
  'login_hint',
  'ui_locales',
  'claims_locales',
  'display',
  'dpop_jkt',
  'registration',
  'request',
  'request_uri',
];

/**
 * AS-02, THR-35: of a parameter that came twice, two parsers could read either. Unknown ones are
 * nobody's concern, whatever they look like; `resource` is the exception. A plug-in says which
 * parameters it reads, and they are no less strict.
 */
export function checkRepeated(
  context: ServerContext,
  { parameters }: EffectiveRequest,
): Result<undefined, Rejection> {
  if (parameters.repeated.size === 0) return accept(undefined);
  const { authorizationRequestValidators } = context.extensions;
  const read = authorizationRequestValidators.flatMap((validator) => validator.parameters ?? []);
  const twice = [...known, ...read].find((name) => parameters.repeated.has(name));
  if (twice === undefined) return accept(undefined);
  return reject('authorization.repeated', 'AS-02', { actual: twice });
}

/** OpenID Connect Core §7.2.1: clients do not register on the way. */
export function checkOffered(
  _context: ServerContext,
  { parameters }: EffectiveRequest,
): Result<undefined, Rejection> {
  if (parameters.one('registration') === undefined) return accept(undefined);
  return reject('authorization.registration', 'AS-14');
}
