/** A token response that must not be used, e.g. because it is not bound to the client's key. */
export class UnusableTokenError extends Error {
  override readonly name = 'UnusableTokenError';
}
