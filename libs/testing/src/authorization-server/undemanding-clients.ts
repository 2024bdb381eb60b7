import { testClients } from './test-clients.js';

/** The clients of the scene, none of which said that its tokens are always bound by DPoP. */
export const undemandingClients: typeof testClients = testClients.map((client) => ({
  ...client,
  metadata: { ...client.metadata, dpop_bound_access_tokens: false },
}));
