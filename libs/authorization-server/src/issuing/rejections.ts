import { rejections } from '@keybound/core';
import { issuingRequirements } from './requirements.js';

export const reject = rejections(
  {
    'issuing.user_gone': 'invalid_grant',
    'issuing.over': 'invalid_grant',
    'issuing.details_too_long': 'invalid_authorization_details',
    'issuing.too_long': 'invalid_request',
  },
  issuingRequirements,
);
