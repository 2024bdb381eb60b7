import { rejections } from '@keybound/core';
import { webFingerRequirements } from './requirements.js';

export const reject = rejections(
  { 'webfinger.resource': 'invalid_request' },
  webFingerRequirements,
);
