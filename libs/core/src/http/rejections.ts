import { rejections } from '../errors/rejection.js';
import { httpRequirements } from './requirements.js';

export const reject = rejections(
  {
    'http.host_count': 'invalid_request',
    'http.target': 'invalid_request',
    'http.forwarded': 'invalid_request',
  },
  httpRequirements,
);
