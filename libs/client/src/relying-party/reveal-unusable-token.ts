import { UnusableTokenError } from '../token-response/unusable-token-error.js';

/** `openid-client` wraps what its `fetch` throws: callers are told what is wrong with the token. */
export async function revealUnusableToken<T>(exchange: Promise<T>): Promise<T> {
  try {
    return await exchange;
  } catch (error) {
    if (error instanceof Error && error.cause instanceof UnusableTokenError) throw error.cause;
    throw error;
  }
}
