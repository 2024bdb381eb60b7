import { describe, expect, it } from '@jest/globals';
import { accept, type ServerNonces } from '@keybound/core';
import { jwkBoundToken, requestView, sceneOptions, signedRequest, T0 } from '@keybound/testing';
import { buildPopResource } from '../resource-server/build-pop-resource.js';
import { popDemand } from '../resource-server/pop-demand.schema.js';
import { baseline } from '../resource-server/pop-options.schema.js';

const server: ServerNonces = {
  issue: () => 'next-nonce',
  check: () => ({ state: 'current', renew: true, since: T0, until: T0 }),
};

describe('signedRequestPresentation', () => {
  it.each([
    ['standard', 'nextnonce="next-nonce"'],
    ['microsoft', 'PoP nextnonce="next-nonce"'],
  ] as const)('SHR-28 hands out the next nonce as profile %s reads it', async (profile, field) => {
    const { verifier } = await buildPopResource(
      sceneOptions({
        signedHttpRequest: { ...baseline.signedHttpRequest, profile },
        nonces: { mode: 'required', server },
        replay: 'off',
      }),
    );
    const authorization = `PoP ${await signedRequest(await jwkBoundToken())}`;
    const view = requestView({ headers: { authorization } });
    const decision = await verifier.verify(accept(view), popDemand.parse({}));
    if (!decision.admitted) throw new Error(decision.rejection?.code);
    expect(decision.headers).toContainEqual(['authentication-info', field]);
  });
});
