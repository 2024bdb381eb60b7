import { rejections } from '@keybound/core';
import { resourceRequirements } from './requirements.js';

export const reject = rejections(
  {
    'resource.scope': 'insufficient_scope',
    'resource.authentication': 'insufficient_user_authentication',
    'dpop.replayed': 'invalid_dpop_proof',
    'shr.replayed': 'invalid_token',
  },
  resourceRequirements,
);
