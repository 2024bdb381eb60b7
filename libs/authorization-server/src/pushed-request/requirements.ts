/** Pushed authorization requests. RFC 9126. */
export const pushedRequestRequirements = {
  'AS-31': 'a pushed request has no request_uri of its own (RFC 9126 §2.1)',
  'AS-33': 'the request URI was handed out here and has not expired (RFC 9126 §2.2)',
  'AS-35': 'the request URI is used by the client that pushed the request (RFC 9126 §2.2)',
  'AS-36': 'request_uri comes once (OAuth 2.1 §3.1)',
} as const;
