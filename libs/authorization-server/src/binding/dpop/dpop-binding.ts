import { accept, type JsonObject, type Rejection, type Result } from '@keybound/core';
import type { TokenBinder, TokenBinding } from '../../extension/token-binder.js';
import type { TokenRequest } from '../../extension/token-request.js';
import type { BuiltIn, ServerContext } from '../../server/server-context.js';
import { checkRequestProof } from './check-request-proof.js';

/** DPoP at the token endpoint, whatever the grant. RFC 9449 §5, §5.1. */
export const dpopBinding: BuiltIn = (context) => {
  if (context.dpop === undefined) return {};
  return {
    tokenBinders: [
      new DpopBinder(context, { dpop_signing_alg_values_supported: context.dpop.algorithms }),
    ],
  };
};

/** Binds access tokens to the key of the request's proof: `cnf.jkt`. RFC 9449 §6.1. */
class DpopBinder implements TokenBinder {
  readonly name = 'dpop';
  readonly tokenTypes = ['DPoP'];

  constructor(
    private readonly context: Pick<ServerContext, 'dpop' | 'nonces'>,
    readonly metadata: JsonObject,
  ) {}

  async bind(request: TokenRequest): Promise<Result<TokenBinding | undefined, Rejection>> {
    const proof = await checkRequestProof(this.context, request);
    if (!proof.ok) return proof;
    if (proof.value === undefined) return accept(undefined);
    const { thumbprint, uses, fields } = proof.value;
    return accept({
      by: this.name,
      cnf: { jkt: thumbprint },
      tokenType: 'DPoP',
      thumbprint,
      possession: 'proven',
      responseMembers: {},
      uses,
      fields,
    });
  }
}
