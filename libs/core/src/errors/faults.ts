/** A misconfiguration, found at start-up. Its message says what to change. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** A store that cannot answer. Rendered as 503 with `Retry-After`; nothing is let through. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** A remote party (an issuer, a key set) that cannot answer. Rendered as 503 with `Retry-After`. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
}
