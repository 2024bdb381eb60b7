import { rejections } from '@keybound/core';
import { keyDistributionRequirements } from './requirements.js';

/** `invalid_token_type` of -07 §6.3 has no defined use and is not among them. KD-23. */
export const keyDistributionErrors = {
  'key_distribution.parameters': 'invalid_request',
  'key_distribution.token_type': 'invalid_request',
  'key_distribution.dialect': 'invalid_request',
  'key_distribution.alg': 'invalid_request',
  'key_distribution.no_key': 'invalid_request',
  'key_distribution.key': 'invalid_request',
  'key_distribution.unknown_key': 'invalid_request',
  'key_distribution.unsupported_key': 'unsupported_pop_key',
  'key_distribution.audience': 'invalid_request',
  'key_distribution.unknown_audience': 'access_denied',
  'key_distribution.target': 'invalid_target',
} as const;

export const reject = rejections(keyDistributionErrors, keyDistributionRequirements);
