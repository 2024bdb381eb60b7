import { rejections, type JwsProblem, type Refused, type Rejection } from '@keybound/core';
import { clientAuthenticationRequirements } from './requirements.js';

export const reject = rejections(
  {
    'client_authentication.repeated': 'invalid_request',
    'client_authentication.several': 'invalid_request',
    'client_authentication.missing': 'invalid_client',
    'client_authentication.scheme': 'invalid_client',
    'client_authentication.other_client': 'invalid_client',
    'client_authentication.unknown_client': 'invalid_client',
    'client_authentication.method': 'invalid_client',
    'client_authentication.throttled': 'too_many_requests',
    'client_secret.format': 'invalid_client',
    'client_secret.wrong': 'invalid_client',
    'client_assertion.type': 'invalid_client',
    'client_assertion.format': 'invalid_client',
    'client_assertion.typ': 'invalid_client',
    'client_assertion.alg': 'invalid_client',
    'client_assertion.claims': 'invalid_client',
    'client_assertion.subject': 'invalid_client',
    'client_assertion.audience': 'invalid_client',
    'client_assertion.key': 'invalid_client',
    'client_assertion.signature': 'invalid_client',
    'client_assertion.expired': 'invalid_client',
    'client_assertion.not_yet_valid': 'invalid_client',
    'client_assertion.lifetime': 'invalid_client',
    'client_assertion.replayed': 'invalid_client',
  },
  clientAuthenticationRequirements,
);

/** Names the requirement behind each step of opening an assertion. */
export function rejectJws(problem: JwsProblem): Refused<Rejection> {
  const detail = problem.actual === undefined ? {} : { actual: problem.actual };
  switch (problem.step) {
    case 'size':
    case 'format':
    case 'header':
    case 'crit':
    case 'payload':
      return reject('client_assertion.format', 'THR-40', detail);
    case 'typ':
      return reject('client_assertion.typ', 'AS-87', detail);
    case 'alg':
      return reject('client_assertion.alg', 'THR-40', detail);
    case 'key':
      return reject('client_assertion.key', 'AS-83', detail);
    case 'signature':
      return reject('client_assertion.signature', 'AS-83', detail);
  }
}
