import { accept } from '@keybound/core';
import { bindProofToToken } from '../dpop/bind-proof-to-token.js';
import { proofSpend } from '../dpop/proof-spend.js';
import { coversNothing } from './covered.js';
import type { Confirmation, Evidence } from './confirmation.js';

/** Proves `cnf.jkt` by the DPoP proof that came with the token. RFC 9449 §6, §7. */
export const dpopConfirmation: Confirmation = {
  method: 'dpop',
  cnfMembers: ['jkt'],
  check({ presented, cnf }: Evidence) {
    const { proof } = presented;
    const { jkt } = cnf;
    if (!proof.ok || proof.value?.method !== 'dpop' || jkt === undefined) return undefined;
    const bound = bindProofToToken(proof.value, jkt);
    if (!bound.ok) return Promise.resolve(bound);
    const { thumbprint, nextNonce } = bound.value;
    return proofSpend(bound.value).then((spend) =>
      accept({
        method: 'dpop',
        proves: ['jkt'],
        thumbprint,
        covered: { ...coversNothing, m: true, u: true, p: true },
        spends: [spend],
        nextNonce,
      }),
    );
  },
};
