import {
  accept,
  freshNonce,
  refuse,
  type NonceMode,
  type Rejection,
  type Result,
  type Thumbprint,
} from '@keybound/core';
import { checkDpopProof, proofSpend, type DpopPolicy } from '@keybound/pop';
import type { EndpointRequest } from '../../extension/endpoint.js';
import type { SingleUse } from '../../extension/single-use.js';
import { reject } from './rejections.js';

/** The key that a request's DPoP proof shows, with what accepting it uses up. */
export interface RequestProof {
  readonly thumbprint: Thumbprint;
  readonly uses: readonly SingleUse[];
  /** Of the answer: a fresh `DPoP-Nonce`, where the one used is past half its life. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

interface ProofPolicy {
  readonly dpop: DpopPolicy | undefined;
  readonly nonces: NonceMode;
}

const { failure: replayed } = reject('dpop.replayed', 'DPOP-13');

/**
 * Checks the DPoP proof of a request to an endpoint of the authorization server. RFC 9449 §5, §10.1.
 *
 * Keeps no state: whoever calls claims `uses`, last.
 *
 * @returns Undefined without a `DPoP` field, or where DPoP is off. A field that is empty is malformed,
 *          not absent (THR-21).
 */
export async function checkRequestProof(
  { dpop, nonces }: ProofPolicy,
  { view, now }: Pick<EndpointRequest, 'view' | 'now'>,
): Promise<Result<RequestProof | undefined, Rejection>> {
  if (dpop === undefined || view.headerValues('dpop').length === 0) return accept(undefined);
  const proof = await checkDpopProof(view, dpop, now);
  if (!proof.ok) {
    return refuse({ ...proof.failure, fields: nonceField(freshNonce(nonces, now)) });
  }
  const { thumbprint, nextNonce } = proof.value;
  const uses = [{ spend: await proofSpend(proof.value), replayed }];
  return accept({ thumbprint, uses, fields: nonceField(nextNonce) });
}

function nonceField(nonce: string | undefined): RequestProof['fields'] {
  return nonce === undefined ? [] : [['dpop-nonce', nonce]];
}
