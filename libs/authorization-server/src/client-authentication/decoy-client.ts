import type { Client } from '../extension/client.js';

/** Nobody: stands in for a client that is not there, so that the same work is done. INV-7. */
export const decoyClient: Client = {
  id: '',
  metadata: {
    redirect_uris: [],
    response_types: [],
    grant_types: [],
    application_type: 'web',
    token_endpoint_auth_method: '',
    subject_type: 'public',
    id_token_signed_response_alg: 'RS256',
    require_signed_request_object: false,
    require_pushed_authorization_requests: false,
    require_auth_time: false,
    dpop_bound_access_tokens: true,
    pop_bound_access_tokens: false,
    extensions: {},
  },
  keys: undefined,
  // A hash of nothing that anybody could present: it is not the hash of any secret we know.
  secrets: [{ hash: 'A'.repeat(43), expiresAt: undefined }],
  source: '',
  expiresAt: undefined,
  obligations: {},
  standing: 'unverified',
  relaxations: new Set(),
};
