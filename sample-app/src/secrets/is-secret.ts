import { ConfigurationError, deriveSecret } from '@keybound/core';

/** Whether a text is long and varied enough for all that is made from it. */
export function isSecret(text: string): boolean {
  try {
    deriveSecret(text, 'nonces');
    return true;
  } catch (error) {
    if (error instanceof ConfigurationError) return false;
    throw error;
  }
}
