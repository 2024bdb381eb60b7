/** Somebody tries too often. */
export class TooManyLoginsException extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super('Too many logins.');
  }
}
