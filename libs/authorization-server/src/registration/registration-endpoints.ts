import type { ErrorSurface } from '@keybound/core';
import type { Endpoint } from '../extension/endpoint.js';
import type { BuiltIn } from '../server/server-context.js';
import { managementPath } from './client-information.js';
import { manageClient } from './manage-client.js';
import { registerClient } from './register-client.js';

/** Dynamic registration and its management, where the operator switched them on. RFC 7591, RFC 7592. */
export const registrationEndpoints: BuiltIn = (context) => {
  const configuration = context.configuration.registration;
  if (configuration === 'off') return {};
  const bearer = {
    scheme: 'Bearer',
    leading: [],
    parameters: [['realm', context.issuer]],
  } as const;
  const shared = {
    below: 'issuer',
    content: 'json',
    malformed: 'invalid_client_metadata',
    cors: 'none',
    surface: (): ErrorSurface => ({ kind: 'endpoint', bearer }),
  } as const;
  const registration: Endpoint = {
    ...shared,
    name: 'registration',
    path: '/register',
    methods: ['POST'],
    metadata: (url) => ({ registration_endpoint: url }),
    handle: (request) => registerClient(context, configuration, request),
  };
  const management: Endpoint = {
    ...shared,
    name: 'registration_management',
    path: managementPath,
    methods: ['GET', 'PUT', 'DELETE'],
    handle: (request) => manageClient(context, configuration, request),
  };
  return { endpoints: [registration, management] };
};
