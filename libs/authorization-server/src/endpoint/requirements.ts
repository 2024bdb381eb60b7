/** What is asked of a request before the endpoint that it is for looks at it. Digests: AS, THR. */
export const endpointRequirements = {
  'AS-01': 'an endpoint is called by its own methods (OAuth 2.1 §3.1)',
  'AS-60': 'parameters come in a form, and nowhere else (OAuth 2.1 §3.2)',
  'AS-274': 'at most 64 KiB of content and 100 parameters',
  'THR-35': 'a parameter is one well-formed text, whatever its name looks like',
  'THR-36': 'the method is the one on the wire, and one that the endpoint has',
  'THR-37': 'content arrives whole and as it is, without content coding',
  'THR-38': 'content is of the one type that the endpoint takes, in UTF-8',
} as const;
