import type {
  ChallengeParameter,
  HttpRequestView,
  Rejection,
  Result,
  Seconds,
} from '@keybound/core';
import type { CheckedDpopProof } from '../dpop/checked-dpop-proof.js';
import type { OpenedSignedRequest } from '../signed-http-request/opened-signed-request.js';

/**
 * One way in which a credential arrives. A registry of them decides which schemes a resource speaks;
 * what a proof is worth is another matter (`Confirmation`).
 */
export interface Presentation {
  /** As it stands in challenges; compared without regard to letter case (RFC 9110 §11.1). */
  readonly scheme: PresentationScheme;
  /**
   * Looks for its credential outside the `Authorization` field. Only transports that the operator
   * switched on.
   *
   * @param form The content, where the request is a form of at most 64 KiB.
   */
  findElsewhere(request: HttpRequestView, form: string | undefined): readonly Credential[];

  /** Whether an `access_token` in this request's form is its credential; nobody's where absent. */
  takesAccessTokenIn?(request: HttpRequestView): boolean;

  /**
   * Takes the credential apart, and checks as much of its proof as can be checked before the token
   * is known.
   *
   * @returns The access token, with the proof or with what is wrong with it; or why there is none.
   */
  extract(
    credential: Credential,
    request: HttpRequestView,
    now: Seconds,
  ): Promise<Result<Presented, Rejection>>;

  /** A fresh nonce, where its proofs must carry one. */
  freshNonce(now: Seconds): string | undefined;

  /** Parameters of this scheme's challenge, and fields that go with it. */
  challenge(nonce: string | undefined): ChallengeParts;

  /** The fields that hand out a fresh nonce with an answer that is no challenge. */
  nonceFields(nonce: string): readonly (readonly [name: string, value: string])[];
}

/** In the order in which challenges stand. */
export const presentationSchemes = ['PoP', 'DPoP', 'HTTPSig', 'Bearer'] as const;
export type PresentationScheme = (typeof presentationSchemes)[number];

/** A credential where it was found, unparsed. */
export interface Credential {
  readonly transport: 'header' | 'form' | 'query';
  readonly text: string;
}

/** What was presented: an unverified access token, and the proof that came with it. */
export interface Presented {
  readonly scheme: PresentationScheme;
  readonly accessToken: string;
  /** base64url of the SHA-256 of `accessToken`. */
  readonly accessTokenHash: string;
  /** `undefined` for a scheme that has none. A refused proof refuses the request, unless reporting. */
  readonly proof: Result<Proofs[keyof Proofs] | undefined, Rejection>;
}

/** Proofs by method. Another lib adds its own by declaration merging. */
export interface Proofs {
  dpop: CheckedDpopProof;
  'signed-http-request': OpenedSignedRequest;
}

export interface ChallengeParts {
  readonly leading: readonly ChallengeParameter[];
  readonly parameters: readonly ChallengeParameter[];
  readonly fields: readonly (readonly [name: string, value: string])[];
}
