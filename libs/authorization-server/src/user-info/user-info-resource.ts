import { baseline, buildPopResource, type PopOptions, type PopVerifier } from '@keybound/pop';
import { inProcessIntrospection } from '../introspection/in-process-introspection.js';
import { tokenStatus } from '../introspection/token-status.js';
import { originOf } from '../endpoint/endpoint-table.js';
import type { ServerContext } from '../server/server-context.js';

/**
 * The protected resource that UserInfo is: the server's own tokens, bound or not, by every method of
 * proof that the server binds tokens for. DPOP-41, OIDC-35, OIDC-40.
 *
 * Its identifier is the issuer, which is the audience of tokens that are for the server itself.
 */
export async function userInfoVerifier(context: ServerContext): Promise<PopVerifier> {
  const { verifier } = await buildPopResource(optionsOf(context));
  return verifier;
}

function optionsOf(context: ServerContext): PopOptions {
  const { configuration, issuer, nonces } = context;
  const { dpop, keyDistribution } = configuration;
  return {
    preset: 'baseline',
    deployment: context.deployment,
    resource: issuer,
    publicBaseUrl: originOf(issuer),
    issuers: [
      {
        issuer,
        keys: context.keys.source,
        algorithms: [...context.keys.algorithms],
        status: tokenStatus(context),
        introspection: { by: inProcessIntrospection(context) },
      },
    ],
    replay: { store: context.replay },
    nonces: nonces.mode === 'off' ? { mode: 'off' } : { mode: 'required', server: nonces.server },
    dpop: dpop === 'off' ? 'off' : dpop,
    signedHttpRequest:
      keyDistribution === 'off'
        ? 'off'
        : {
            ...baseline.signedHttpRequest,
            algorithms: keyDistribution.algorithms,
            // A token that names its key only can be proven in that profile alone (CNF-07).
            profile: keyDistribution.dialects.includes('microsoft') ? 'microsoft' : 'standard',
          },
    unboundTokens: 'accepted',
    bearerTransports: ['header', 'form'],
    explain: configuration.explain,
    audit: context.audit,
    clock: context.clock,
    http: context.http,
  };
}
