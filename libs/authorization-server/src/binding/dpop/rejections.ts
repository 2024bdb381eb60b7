import { rejections } from '@keybound/core';
import { dpopBindingRequirements } from './requirements.js';

export const reject = rejections(
  { 'dpop.replayed': 'invalid_dpop_proof' },
  dpopBindingRequirements,
);
