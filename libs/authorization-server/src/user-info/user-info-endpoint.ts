import { accept } from '@keybound/core';
import { popDemand, type PopVerifier } from '@keybound/pop';
import { errorAnswer } from '../endpoint/answers.js';
import type { EndpointAnswer, EndpointRequest } from '../extension/endpoint.js';
import type { BuiltIn, ServerContext } from '../server/server-context.js';
import { describeUser } from './describe-user.js';
import { userInfoAnswer } from './user-info-answer.js';
import { userInfoVerifier } from './user-info-resource.js';

/** OIDC-39. */
const demand = popDemand.parse({ scopes: ['openid'] });

/** Tells a client about its user. OpenID Connect Core §5.3, AS-175, OIDC-35. */
export const userInfoEndpoint: BuiltIn = (context) => {
  let verifier: PopVerifier | undefined;
  return {
    async start() {
      verifier = await userInfoVerifier(context);
    },
    endpoints: [
      {
        name: 'userinfo',
        below: 'issuer',
        path: '/userinfo',
        methods: ['GET', 'POST'],
        content: 'none',
        cors: 'any-origin',
        metadata: (url) => ({ userinfo_endpoint: url }),
        surface: () => ({ kind: 'endpoint' }),
        handle: async (request) => {
          if (verifier === undefined) throw new Error('UserInfo was asked before the start.');
          return accept(await answer(context, verifier, request));
        },
      },
    ],
  };
};

/** Refusals are rendered and told by the resource, whose challenges they carry. */
async function answer(
  context: ServerContext,
  verifier: PopVerifier,
  { view, now }: EndpointRequest,
): Promise<EndpointAnswer> {
  const decision = await verifier.verify(accept(view), demand);
  if (!decision.admitted) return errorAnswer(decision.response);
  const { pop, headers } = decision;
  const described = await describeUser(context, pop, now);
  if (!described.ok) {
    return errorAnswer(verifier.refuseAdmitted(described.failure, pop, view, demand).response);
  }
  const { client, claims } = described.value;
  return userInfoAnswer(context, client, claims, headers, now);
}
