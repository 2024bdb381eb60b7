import { rejections } from '@keybound/core';
import { endpointRequirements } from './requirements.js';

export const reject = rejections(
  {
    'request.method': 'method_not_allowed',
    'request.query': 'invalid_request',
    'request.content_type': 'invalid_request',
    'request.content_coding': 'invalid_request',
    'request.content_incomplete': 'invalid_request',
    'request.content_too_large': 'content_too_large',
    'request.json': 'invalid_request',
    'request.parameters_malformed': 'invalid_request',
    'request.parameters_too_long': 'content_too_large',
    'request.parameters_too_many': 'invalid_request',
  },
  endpointRequirements,
);
