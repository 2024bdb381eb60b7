import { rejections } from '@keybound/core';
import { introspectionRequirements } from './requirements.js';

export const reject = rejections(
  {
    'introspection.public_client': 'invalid_client',
    'introspection.repeated': 'invalid_request',
    'introspection.token': 'invalid_request',
  },
  introspectionRequirements,
);
