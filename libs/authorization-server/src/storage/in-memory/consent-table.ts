import type { RememberedConsent } from '../grant-records.js';
import { IndexByName } from './index-by-name.js';

/**
 * What users allowed clients for good. It does not end, so the oldest goes when there are too many: its
 * user is asked again, and nothing is let through.
 */
export class ConsentTable {
  readonly #consents = new Map<string, RememberedConsent>();
  readonly #ofClient = new IndexByName<RememberedConsent>(({ clientId }) => clientId);

  constructor(readonly maxConsents: number) {}

  save(consent: RememberedConsent): void {
    this.forget(consent.localSubject, consent.clientId);
    const [oldest] = this.#consents.values();
    if (oldest !== undefined && this.#consents.size >= this.maxConsents) {
      this.forget(oldest.localSubject, oldest.clientId);
    }
    this.#consents.set(nameOf(consent.localSubject, consent.clientId), consent);
    this.#ofClient.add(consent);
  }

  find(localSubject: string, clientId: string): RememberedConsent | undefined {
    return this.#consents.get(nameOf(localSubject, clientId));
  }

  forget(localSubject: string, clientId: string): void {
    const consent = this.find(localSubject, clientId);
    if (consent === undefined) return;
    this.#consents.delete(nameOf(localSubject, clientId));
    this.#ofClient.delete(consent);
  }

  forgetOfClient(clientId: string): void {
    for (const { localSubject } of this.#ofClient.all(clientId))
      this.forget(localSubject, clientId);
  }
}

/** Unambiguous, whatever is in either. */
function nameOf(localSubject: string, clientId: string): string {
  return JSON.stringify([localSubject, clientId]);
}
