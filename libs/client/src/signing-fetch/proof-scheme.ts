import type { Seconds } from '@keybound/core';
import type { OutgoingRequest } from './outgoing-request.js';

/** What a proof is made of, beside the request. */
export interface ProofMaterial {
  readonly accessToken: string;
  /** The newest nonce of the server. */
  readonly nonce: string | undefined;
  readonly issuedAt: Seconds;
}

/** What a response says about the next proof. */
export interface ServerAnswer {
  readonly nonce: string | undefined;
  /** Why the request was refused, if a better proof could help. */
  readonly refusal: 'nonce' | 'proof' | undefined;
}

/** One way to send a token with a proof, and to understand what the server answers. */
export interface ProofScheme {
  /** Whether content has to be read before it is sent. */
  readonly signsContent: boolean;

  /** The fields with token and proof: fresh ones for every request, DPOP-22. */
  credentials(
    request: OutgoingRequest,
    material: ProofMaterial,
  ): Promise<readonly (readonly [name: string, value: string])[]>;

  read(response: Response): Promise<ServerAnswer>;
}
