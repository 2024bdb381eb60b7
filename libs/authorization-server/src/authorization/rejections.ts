import { rejections } from '@keybound/core';
import { authorizationRequirements } from './requirements.js';

/** RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6. */
export const reject = rejections(
  {
    'authorization.client_id': 'invalid_client',
    'authorization.client_repeated': 'invalid_request',
    'authorization.redirect_uri': 'invalid_request',
    'authorization.repeated': 'invalid_request',
    'authorization.response_type_missing': 'invalid_request',
    'authorization.response_type': 'unsupported_response_type',
    'authorization.client_may_not': 'unauthorized_client',
    'authorization.response_mode': 'invalid_request',
    'authorization.state': 'invalid_request',
    'authorization.not_pushed': 'invalid_request',
    'authorization.not_signed': 'invalid_request',
    'authorization.registration': 'registration_not_supported',
    'authorization.request_uri': 'request_uri_not_supported',
    'authorization.code_challenge': 'invalid_request',
    'authorization.scope': 'invalid_scope',
    'authorization.nonce': 'invalid_request',
    'authorization.prompt': 'invalid_request',
    'authorization.max_age': 'invalid_request',
    'authorization.acr_values': 'invalid_request',
    'authorization.claims': 'invalid_request',
    'authorization.id_token_hint': 'invalid_request',
    'authorization.dpop_jkt': 'invalid_request',
    'authorization.resource': 'invalid_target',
    'authorization.details': 'invalid_authorization_details',
    'authorization.details_too_long': 'invalid_request',
    'authorization.slot': 'invalid_request',
  },
  authorizationRequirements,
);
