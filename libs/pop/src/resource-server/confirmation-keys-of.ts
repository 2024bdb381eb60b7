import {
  decryptionKeysFrom,
  remoteKeys,
  type Clock,
  type KeySource,
  type OutgoingHttp,
} from '@keybound/core';
import { ConfirmationKeys, type JkuPolicy } from '../confirmation/confirmation-keys.js';
import { profileOf, type SignedRequestSection } from './signed-request-policy-of.js';

/** How the keys that tokens are bound to are found. @throws ConfigurationError for a bad decryption key. */
export function confirmationKeysOf(
  section: SignedRequestSection,
  http: OutgoingHttp,
  clock: Clock,
): ConfirmationKeys {
  const { jku, symmetricKeys, resolveKid } = section;
  return new ConfirmationKeys({
    jku: jkuPolicy(jku, http, clock),
    kid: { resolver: resolveKid, cnfReference: profileOf(section).cnfReference },
    decryption:
      symmetricKeys === 'off' ? undefined : decryptionKeysFrom(symmetricKeys.decryptionKeys),
  });
}

/** CNF-08: less than other key sets may take, since a client chose the URL. */
const jkuBounds = { maxBytes: 64 * 1024, deadlineSeconds: 3 };

function jkuPolicy(jku: SignedRequestSection['jku'], http: OutgoingHttp, clock: Clock): JkuPolicy {
  if (jku === 'off') return { mode: 'off' };
  const keysOf = (url: string): KeySource =>
    remoteKeys({ resolveUri: url, http, clock, bounds: jkuBounds });
  return { mode: 'allowed-hosts', hosts: new Set(jku.allowedHosts), keysOf };
}
