import type { PublicUrl } from '@keybound/core';
import type { PopVerifier } from './pop-verifier.js';
import type { ProtectedResourceMetadata } from './protected-resource-metadata.js';

/** A protected resource, built from options: what every adapter works with. */
export interface PopResource {
  readonly verifier: PopVerifier;
  /** Where the URL comes from under which clients reach it. */
  readonly publicUrl: PublicUrl;
  /** Most octets of content that are kept to be hashed. */
  readonly maxContentBytes: number;
  /** What it says about itself (RFC 9728), generated from what is enforced. */
  readonly metadata: ProtectedResourceMetadata;
}
