import { rejections } from '@keybound/core';
import { revocationRequirements } from './requirements.js';

export const reject = rejections(
  { 'revocation.repeated': 'invalid_request', 'revocation.token': 'invalid_request' },
  revocationRequirements,
);
