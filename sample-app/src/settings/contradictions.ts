import type { environment } from './environment.schema.js';
import type { Settings } from './settings.js';
import { isDurable } from './storage-setting.js';

/** What does not fit together: a variable, and what is wrong with it. */
interface Contradiction {
  readonly variable: keyof typeof environment.shape;
  readonly problem: string;
}

/** All of them, so that an operator reads them together. */
export function contradictions(settings: Settings): readonly Contradiction[] {
  const isInUse = settings.deployment === 'production';
  return [...anywhere(settings), ...(isInUse ? inProduction(settings) : inDevelopment(settings))];
}

function* anywhere(settings: Settings): Iterable<Contradiction> {
  const { issuer, trustedIssuers } = settings;
  if (trustedIssuers.includes(issuer)) {
    yield {
      variable: 'TRUSTED_ISSUERS',
      problem: `names ${issuer}, which is this app itself (ISSUER): take it out`,
    };
  }
  const twice = trustedIssuers.find((trusted, at) => trustedIssuers.indexOf(trusted) < at);
  if (twice !== undefined) {
    yield { variable: 'TRUSTED_ISSUERS', problem: `names ${twice} twice: keep one` };
  }
}

/** Without TLS nobody knows who answers, but on this very machine. */
function* inDevelopment(settings: Settings): Iterable<Contradiction> {
  const { issuer, trustedIssuers, loopbackFetch, loopbackIdentifiers } = settings;
  const plain = trustedIssuers.find((trusted) => trusted.toLowerCase().startsWith('http:'));
  if (plain !== undefined && !loopbackFetch) {
    yield {
      variable: 'TRUSTED_ISSUERS',
      problem: `names ${plain}: plain http needs ALLOW_LOOPBACK_FETCH=1`,
    };
  }
  if (issuer.startsWith('http:') && !loopbackIdentifiers) {
    yield { variable: 'ISSUER', problem: 'must be https, but on a loopback host' };
  }
}

/** THR-84: what is good enough to try things out, and no more. */
function* inProduction(settings: Settings): Iterable<Contradiction> {
  const { issuer, trustedIssuers, secrets, storage } = settings;
  if (issuer.startsWith('http:')) {
    yield {
      variable: 'ISSUER',
      problem: 'is needed in production, and must be https, such as https://as.example.com',
    };
  }
  const plain = trustedIssuers.find((trusted) => !trusted.startsWith('https://'));
  if (plain !== undefined) {
    yield { variable: 'TRUSTED_ISSUERS', problem: `names ${plain}: must be https in production` };
  }
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
