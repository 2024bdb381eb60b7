import { rejections, type JwsProblem, type Refused, type Rejection } from '@keybound/core';
import { accessTokenRequirements } from './requirements.js';

export const reject = rejections(
  {
    'token.size': 'invalid_token',
    'token.format': 'invalid_token',
    'token.typ': 'invalid_token',
    'token.alg': 'invalid_token',
    'token.issuer': 'invalid_token',
    'token.key': 'invalid_token',
    'token.signature': 'invalid_token',
    'token.claims': 'invalid_token',
    'token.audience': 'invalid_token',
    'token.expired': 'invalid_token',
    'token.not_yet_valid': 'invalid_token',
    'token.revoked': 'invalid_token',
    'token.inactive': 'invalid_token',
    'token.introspection': 'invalid_token',
  },
  accessTokenRequirements,
);

/** Names the requirement behind each step of opening the JWS. */
export function rejectJws(problem: JwsProblem): Refused<Rejection> {
  const detail = problem.actual === undefined ? {} : { actual: problem.actual };
  switch (problem.step) {
    case 'size':
      return reject('token.size', 'THR-13', detail);
    case 'format':
    case 'header':
    case 'crit':
    case 'payload':
      return reject('token.format', 'RS-13', detail);
    case 'typ':
      return reject('token.typ', 'RS-10', detail);
    case 'alg':
      return reject('token.alg', 'RS-13', detail);
    case 'key':
      return reject('token.key', 'RS-13', detail);
    case 'signature':
      return reject('token.signature', 'RS-13', detail);
  }
}
