import type { JsonValue } from '@keybound/core';
import type { z } from 'zod';

/** What plug-ins keep with a request, a code or a grant, by the name of the slot. */
export type Slots = Readonly<Record<string, JsonValue>>;

/**
 * A few octets that a plug-in keeps with an authorization request, its code and its grant:
 * `prev_msg`, `issuer_state`, the digest of a trust chain.
 */
export interface RecordSlot<T extends JsonValue = JsonValue> {
  /** Unique, e.g. `attestation.prev_msg`. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
  /** Of its JSON, at most 4,096. */
  readonly maxBytes: number;
}
