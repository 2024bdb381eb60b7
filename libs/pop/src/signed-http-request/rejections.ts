import { rejections, type JwsProblem, type Refused, type Rejection } from '@keybound/core';
import { signedRequestRequirements } from './requirements.js';

export const reject = rejections(
  {
    'shr.jws': 'invalid_token',
    'shr.crit': 'invalid_token',
    'shr.typ': 'invalid_token',
    'shr.alg': 'invalid_token',
    'shr.signature': 'invalid_token',
    'shr.at': 'invalid_token',
    'shr.ts': 'invalid_token',
    'shr.m': 'invalid_token',
    'shr.u': 'invalid_token',
    'shr.p': 'invalid_token',
    'shr.q': 'invalid_token',
    'shr.h': 'invalid_token',
    'shr.b': 'invalid_token',
    'shr.nonce': 'invalid_token',
    'shr.content_too_large': 'content_too_large',
  },
  signedRequestRequirements,
);

/** Names the requirement behind each step of opening the JWS. */
export function rejectJws(problem: JwsProblem): Refused<Rejection> {
  const detail = problem.actual === undefined ? {} : { actual: problem.actual };
  switch (problem.step) {
    case 'crit':
      return reject('shr.crit', 'SHR-24', detail);
    case 'typ':
      return reject('shr.typ', 'SHR-23', detail);
    case 'alg':
    case 'key':
      return reject('shr.alg', 'SHR-22', detail);
    case 'signature':
      return reject('shr.signature', 'SHR-20', detail);
    case 'payload':
      return reject('shr.jws', 'SHR-01', detail);
    case 'size':
    case 'format':
    case 'header':
      return reject('shr.jws', 'SHR-24', detail);
  }
}
