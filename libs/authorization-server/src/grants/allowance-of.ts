import type { PeekedGrant } from '../extension/grant.js';
import type { GrantRecord } from '../storage/grant-records.js';

/** What a user's grant allows, whichever code or token it is exchanged by. */
export function allowanceOf(grant: GrantRecord) {
  return {
    grantId: grant.id,
    subject: { kind: 'user', localSubject: grant.localSubject, login: grant.login },
    scopes: grant.scopes,
    resources: grant.resources,
    authorizationDetails: grant.authorizationDetails,
    claims: grant.claims,
    ...(grant.maxAge !== undefined && { maxAge: grant.maxAge }),
    expiresAt: grant.expiresAt,
    idToken: true,
    slots: grant.slots,
  } as const satisfies Partial<PeekedGrant>;
}
