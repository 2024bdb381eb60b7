import { rejections } from '@keybound/core';
import { issuingRequirements } from './requirements.js';

export const reject = rejections(
  { 'issuing.user_gone': 'invalid_grant', 'issuing.over': 'invalid_grant' },
  issuingRequirements,
);
