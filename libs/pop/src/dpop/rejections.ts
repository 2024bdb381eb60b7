import { rejections, type JwsProblem, type Refused, type Rejection } from '@keybound/core';
import { dpopRequirements } from './requirements.js';

export const reject = rejections(
  {
    'dpop.missing': 'invalid_dpop_proof',
    'dpop.header_count': 'invalid_dpop_proof',
    'dpop.format': 'invalid_dpop_proof',
    'dpop.header': 'invalid_dpop_proof',
    'dpop.typ': 'invalid_dpop_proof',
    'dpop.alg': 'invalid_dpop_proof',
    'dpop.key': 'invalid_dpop_proof',
    'dpop.signature': 'invalid_dpop_proof',
    'dpop.claims': 'invalid_dpop_proof',
    'dpop.htm': 'invalid_dpop_proof',
    'dpop.htu': 'invalid_dpop_proof',
    'dpop.iat': 'invalid_dpop_proof',
    'dpop.exp': 'invalid_dpop_proof',
    'dpop.jti': 'invalid_dpop_proof',
    'dpop.ath': 'invalid_dpop_proof',
    'dpop.nonce_missing': 'use_dpop_nonce',
    'dpop.nonce_expired': 'use_dpop_nonce',
    'dpop.nonce_unknown': 'use_dpop_nonce',
    'dpop.other_key': 'invalid_token',
  },
  dpopRequirements,
);

/** Names the requirement behind each step of opening the JWS. */
export function rejectJws(problem: JwsProblem): Refused<Rejection> {
  const detail = problem.actual === undefined ? {} : { actual: problem.actual };
  switch (problem.step) {
    case 'size':
    case 'format':
    case 'payload':
      return reject('dpop.format', 'DPOP-02', detail);
    case 'header':
    case 'crit':
      return reject('dpop.header', 'DPOP-02', detail);
    case 'typ':
      return reject('dpop.typ', 'DPOP-04', detail);
    case 'alg':
      return reject('dpop.alg', 'DPOP-05', detail);
    case 'key':
      return reject('dpop.key', 'DPOP-07', detail);
    case 'signature':
      return reject('dpop.signature', 'DPOP-06', detail);
  }
}
