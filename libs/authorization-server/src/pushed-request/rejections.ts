import { rejections } from '@keybound/core';
import { pushedRequestRequirements } from './requirements.js';

export const reject = rejections(
  {
    'pushed_request.request_uri': 'invalid_request',
    'pushed_request.repeated': 'invalid_request',
    'pushed_request.unknown': 'invalid_request_uri',
    'pushed_request.not_yours': 'invalid_request_uri',
    'pushed_request.changed': 'invalid_request_uri',
  },
  pushedRequestRequirements,
);
