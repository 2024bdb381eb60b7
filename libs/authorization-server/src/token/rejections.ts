import { rejections } from '@keybound/core';
import { tokenRequirements } from './requirements.js';

export const reject = rejections(
  {
    'token.grant_type_missing': 'invalid_request',
    'token.grant_type': 'unsupported_grant_type',
    'token.grant_type_not_registered': 'unauthorized_client',
    'token.public_client': 'unauthorized_client',
    'token.repeated_parameter': 'invalid_request',
    'token.scope': 'invalid_scope',
    'token.resource': 'invalid_target',
    'token.several_resources': 'invalid_target',
    'token.authorization_details': 'invalid_authorization_details',
    'token.other_key': 'invalid_grant',
    'token.no_proof': 'invalid_dpop_proof',
    'token.unbound': 'invalid_request',
    'token.not_pop': 'invalid_request',
  },
  tokenRequirements,
);
