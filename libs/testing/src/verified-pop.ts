import type { VerifiedPop } from '@keybound/pop';
import { scene } from './scene.js';

/** What `@VerifiedPop()` would tell of the well-behaved client, with some facts replaced. */
export function verifiedPopForTests(facts: Partial<VerifiedPop> = {}): VerifiedPop {
  return {
    subject: scene.subject,
    clientId: scene.clientId,
    issuer: scene.issuer,
    scopes: new Set(),
    claims: {},
    method: 'dpop',
    thumbprint: undefined,
    covered: { m: true, u: true, p: true, q: new Set(), h: new Set(), b: false },
    refusal: undefined,
    ...facts,
  };
}
