import { z } from 'zod';
import { positiveOption } from '../configuration/plain-options.js';
import { portOption } from '../configuration/port-option.js';
import type { NonceMode, ServerNonces } from './server-nonces.js';
import { statelessNonces } from './stateless-nonces.js';

/** Whether proofs must carry a nonce of the server, and who makes it. RFC 9449 §8, §9. */
export const nonceOptions = z.union([
  z.strictObject({ mode: z.literal('off') }),
  /** Nonces of one's own making, single-use ones say. */
  z.strictObject({
    mode: z.literal('required'),
    server: portOption<ServerNonces>('issue', 'check'),
  }),
  z.strictObject({
    mode: z.literal('required'),
    /** The current secret, and the previous one while it is rotated; the same on all instances. */
    secrets: z.array(z.string().min(32)).min(1).max(2),
    lifetimeSeconds: positiveOption.default(300),
  }),
]);

/**
 * What the options ask for.
 *
 * @param role       `resource server` or `authorization server`.
 * @param identifier Of the resource or the issuer.
 * @throws ConfigurationError for a secret that is too short.
 */
export function nonceModeOf(
  nonces: z.output<typeof nonceOptions>,
  role: string,
  identifier: string,
): NonceMode {
  if (nonces.mode === 'off' || 'server' in nonces) return nonces;
  const { secrets, lifetimeSeconds } = nonces;
  const server = statelessNonces({ role, identifier, secrets, lifetimeSeconds });
  return { mode: 'required', server };
}
