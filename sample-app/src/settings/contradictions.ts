import type { Settings } from '../settings.js';
import type { environment } from './environment.schema.js';
import { isDurable } from './storage-setting.js';

/** What does not fit together: a variable, and what is wrong with it. */
interface Contradiction {
  readonly variable: keyof typeof environment.shape;
  readonly problem: string;
}

/** All of them, so that an operator reads them together. */
export function contradictions(settings: Settings): readonly Contradiction[] {
  return [...anywhere(settings), ...(settings.deployment === 'production' ? inUse(settings) : [])];
}

function* anywhere(settings: Settings): Iterable<Contradiction> {
  const { issuer, trustedIssuers, loopbackFetch, loopbackIdentifiers } = settings;
  const plain = trustedIssuers.find((trusted) => trusted.toLowerCase().startsWith('http:'));
  if (plain !== undefined && !loopbackFetch) {
    yield {
      variable: 'TRUSTED_ISSUERS',
      problem: `names ${plain}: plain http needs ALLOW_LOOPBACK_FETCH=1`,
    };
  }
  if (issuer.startsWith('http:') && !loopbackIdentifiers) {
    yield {
      variable: 'ISSUER',
      problem: 'must be https, but on a loopback host and not in production',
    };
  }
}

/** THR-84: what is good enough to try things out, and no more. */
function* inUse({ secrets, storage }: Settings): Iterable<Contradiction> {
  if (secrets.length === 0) {
    yield {
      variable: 'KEYBOUND_SECRET',
      problem: 'is needed in production, the same for all instances: openssl rand -base64 32',
    };
  }
  if (!isDurable(storage)) {
    yield {
      variable: 'STORAGE',
      problem: 'must outlive the process in production: sqlite:<file> or postgres://…',
    };
  }
}
