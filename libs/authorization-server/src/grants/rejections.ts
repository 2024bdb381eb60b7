import { rejections } from '@keybound/core';
import { grantRequirements } from './requirements.js';

export const reject = rejections(
  {
    'code.missing': 'invalid_request',
    'code.unknown': 'invalid_grant',
    'code.client': 'invalid_grant',
    'code.expired': 'invalid_grant',
    'code.redirect_uri': 'invalid_grant',
    'code.verifier_missing': 'invalid_grant',
    'code.verifier_form': 'invalid_request',
    'code.verifier_unexpected': 'invalid_request',
    'code.verifier': 'invalid_grant',
    'code.reused': 'invalid_grant',
    'refresh.missing': 'invalid_request',
    'refresh.unknown': 'invalid_grant',
    'refresh.client': 'invalid_grant',
    'refresh.reused': 'invalid_grant',
  },
  grantRequirements,
);
