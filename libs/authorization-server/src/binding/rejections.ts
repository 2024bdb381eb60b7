import { rejections } from '@keybound/core';
import { bindingRequirements } from './requirements.js';

export const reject = rejections(
  {
    'binding.several_keys': 'invalid_request',
    'binding.unproven_key': 'invalid_request',
    'binding.other_key': 'invalid_dpop_proof',
  },
  bindingRequirements,
);
