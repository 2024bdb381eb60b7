import type { TokenBinding } from '../../extension/token-binder.js';

export const binderName = 'key-distribution';

/** KD-03: the type is written `pop`, however it was asked for. Nothing is used up by naming a key. */
export function popBinding(
  binding: Pick<TokenBinding, 'cnf' | 'thumbprint' | 'possession' | 'responseMembers'>,
): TokenBinding {
  return { by: binderName, tokenType: 'pop', uses: [], fields: [], ...binding };
}
