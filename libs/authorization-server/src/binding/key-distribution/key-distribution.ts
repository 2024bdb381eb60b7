import { accept, type JsonObject, type Rejection, type Result } from '@keybound/core';
import type { BindingContext, TokenBinder, TokenBinding } from '../../extension/token-binder.js';
import type { TokenRequest } from '../../extension/token-request.js';
import type { BuiltIn, ServerContext } from '../../server/server-context.js';
import { bindFreshKey } from './bind-fresh-key.js';
import { bindRequestedKey } from './bind-requested-key.js';
import { keyDistributionPolicy, type KeyDistributionPolicy } from './key-distribution-policy.js';
import { binderName } from './pop-binding.js';
import { readPopRequest, type PopRequest } from './read-pop-request.js';
import { reject } from './rejections.js';
import { parseKeyParameter, parseReqCnf } from './requested-key.js';

/**
 * Keys that clients bring to the token endpoint, or get from it, whatever the grant.
 * draft-ietf-oauth-pop-key-distribution-01 and -07, RFC 9201, and the request of MSAL.
 */
export const keyDistribution: BuiltIn = (context) => {
  const { keyDistribution: section, resources } = context.configuration;
  if (section === 'off') return {};
  return {
    tokenBinders: [
      new KeyDistributionBinder(
        keyDistributionPolicy(section, resources),
        () => context.extensions,
      ),
    ],
  };
};

const symmetricAlgorithm = 'HS256';

class KeyDistributionBinder implements TokenBinder {
  readonly name = binderName;
  readonly tokenTypes = ['pop'];
  readonly metadata: JsonObject;

  constructor(
    private readonly policy: KeyDistributionPolicy,
    private readonly extensions: () => ServerContext['extensions'],
  ) {
    this.metadata = { pop_signing_alg_values_supported: policy.algorithms };
  }

  async bind(
    request: TokenRequest,
    context: BindingContext,
  ): Promise<Result<TokenBinding | undefined, Rejection>> {
    const asked = readPopRequest(request, this.#tokenTypes());
    if (!asked.ok) return asked;
    if (asked.value === undefined) return accept(undefined);
    const { key, reqCnf, algorithms } = asked.value;
    if (key !== undefined) {
      const wanted = parseKeyParameter(key);
      if (!wanted.ok) return wanted;
      const wish = { key: wanted.value, dialect: 'kd-01', algorithms } as const;
      return bindRequestedKey(wish, request, context, this.policy);
    }
    if (reqCnf !== undefined) {
      const wanted = parseReqCnf(reqCnf);
      if (!wanted.ok) return wanted;
      const wish = { key: wanted.value, dialect: 'kd-07', algorithms } as const;
      return bindRequestedKey(wish, request, context, this.policy);
    }
    return this.#withoutKey(asked.value, request, context);
  }

  /** KD-06, KD-08, KD-21: a key from the server, the one from before, or none at all. */
  async #withoutKey(
    { algorithms }: PopRequest,
    request: TokenRequest,
    context: BindingContext,
  ): Promise<Result<TokenBinding | undefined, Rejection>> {
    const { symmetric } = this.policy;
    if (symmetric && algorithms?.includes(symmetricAlgorithm) === true) {
      return bindFreshKey('kd-01', request, context, this.policy);
    }
    if (context.previousBinding?.tokenType === 'pop') return accept(undefined);
    if (symmetric && algorithms === undefined) {
      return bindFreshKey('kd-07', request, context, this.policy);
    }
    return reject('key_distribution.no_key', 'KD-06');
  }

  /** KD-03: of every binder, and the one that RFC 6750 registers. */
  #tokenTypes(): ReadonlySet<string> {
    const types = this.extensions().tokenBinders.flatMap(({ tokenTypes }) => tokenTypes);
    return new Set(['bearer', ...types.map((type) => type.toLowerCase())]);
  }
}
