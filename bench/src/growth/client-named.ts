import type { ClientRecord } from '@keybound/authorization-server';
import { now } from './frozen.js';

/** One that registered itself long enough ago. */
export function clientNamed(id: string): ClientRecord {
  return {
    id,
    version: 1,
    metadata: {
      redirect_uris: ['https://client.example/cb'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      client_name: 'Bench',
      subject_type: 'public',
      id_token_signed_response_alg: 'ES256',
      require_signed_request_object: false,
      require_pushed_authorization_requests: false,
      require_auth_time: false,
      dpop_bound_access_tokens: true,
      pop_bound_access_tokens: false,
      extensions: {},
    },
    secrets: [],
    registrationTokenHash: id,
    standing: 'verified',
    createdAt: now,
    unusedExpiresAt: undefined,
  };
}
