import { rejections } from '@keybound/core';
import { registrationRequirements } from './requirements.js';

export const reject = rejections(
  {
    'registration.redirect_uri': 'invalid_redirect_uri',
    'registration.metadata': 'invalid_client_metadata',
    'registration.software_statement': 'invalid_software_statement',
    'registration.forbidden_member': 'invalid_request',
    'registration.token': 'invalid_token',
    'registration.too_many': 'too_many_requests',
    'registration.busy': 'temporarily_unavailable',
  },
  registrationRequirements,
);
