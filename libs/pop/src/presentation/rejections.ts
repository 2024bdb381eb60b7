import { rejections } from '@keybound/core';
import { presentationRequirements } from './requirements.js';

export const reject = rejections(
  {
    'credentials.none': undefined,
    'credentials.several': 'invalid_request',
    'credentials.malformed': 'invalid_request',
    'credentials.transport': 'invalid_request',
    'credentials.proof_with_bearer': 'invalid_request',
  },
  presentationRequirements,
);
