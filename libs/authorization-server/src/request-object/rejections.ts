import { rejections, type JwsProblem, type Refused, type Rejection } from '@keybound/core';
import { requestObjectRequirements } from './requirements.js';

export const reject = rejections(
  {
    'request_object.repeated': 'invalid_request',
    'request_object.off': 'request_not_supported',
    'request_object.outside': 'invalid_request_object',
    'request_object.size': 'invalid_request_object',
    'request_object.format': 'invalid_request_object',
    'request_object.typ': 'invalid_request_object',
    'request_object.alg': 'invalid_request_object',
    'request_object.key': 'invalid_request_object',
    'request_object.signature': 'invalid_request_object',
    'request_object.claims': 'invalid_request_object',
    'request_object.nested': 'invalid_request_object',
    'request_object.client': 'invalid_request_object',
    'request_object.audience': 'invalid_request_object',
    'request_object.time': 'invalid_request_object',
    'request_object.replayed': 'invalid_request_object',
  },
  requestObjectRequirements,
);

/** Names the requirement behind each step of opening the JWS. */
export function rejectJws(problem: JwsProblem): Refused<Rejection> {
  const detail = problem.actual === undefined ? {} : { actual: problem.actual };
  switch (problem.step) {
    case 'size':
      return reject('request_object.size', 'THR-13', detail);
    case 'format':
    case 'header':
    case 'crit':
    case 'payload':
      return reject('request_object.format', 'AS-49', detail);
    case 'typ':
      return reject('request_object.typ', 'AS-48', detail);
    case 'alg':
      return reject('request_object.alg', 'AS-45', detail);
    case 'key':
      return reject('request_object.key', 'AS-45', detail);
    case 'signature':
      return reject('request_object.signature', 'AS-45', detail);
  }
}
