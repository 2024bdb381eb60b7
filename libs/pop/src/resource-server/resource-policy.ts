import type { AuditLog, Clock, ReplayStore } from '@keybound/core';
import type { AccessTokenVerifier } from '../access-token/verified-access-token.js';
import type { Confirmation } from '../confirmation/confirmation.js';
import type { Presentation } from '../presentation/presentation.js';

/** A protected resource as the operator configured it, with everything built. */
export interface ResourcePolicy {
  /** The resource identifier, printed verbatim (RFC 9728 §1.2). */
  readonly resource: string;
  /** In the order in which challenges stand. */
  readonly presentations: readonly Presentation[];
  /** Tried in this order for each `cnf` member. */
  readonly confirmations: readonly Confirmation[];
  readonly accessTokens: AccessTokenVerifier;
  /** How far the issuer's clock may differ. */
  readonly leewaySeconds: number;
  /** Whether a token that is bound to no key is taken under `Bearer`. */
  readonly unboundTokens: 'refused' | 'accepted';
  readonly enforcement: 'enforce' | 'report';
  /** The URL of the resource's metadata, for challenges (RFC 9728 §5.1). */
  readonly resourceMetadata: string | undefined;
  /** Where spends are claimed; undefined where the operator wrote `replay: 'off'`. */
  readonly replay: ReplayStore | undefined;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Whether the peer may read why it was refused. */
  readonly explain: boolean;
}
