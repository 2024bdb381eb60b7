import { clientRequirements } from '../client/requirements.js';

/** How clients register themselves and keep what they registered. */
export const registrationRequirements = {
  ...clientRequirements,
  'AS-82': 'a secret has 256 random bits and is kept as a hash',
  'AS-124': 'the identifier of a client cannot be mistaken for a user',
  'AS-215': 'registration is open, or for bearers of an initial access token',
  'AS-216': 'registration is limited; clients that nobody looked at are marked and go if unused',
  'AS-220': 'a client reads, replaces and deletes its registration with its own token',
  'AS-226': 'identifiers that the server makes never look like a URL',
  'OIDC-16': 'metadata comes as a JSON object; all that was registered is answered with 201',
  'OIDC-23': 'a software statement is trusted or refused; a bad initial access token is 401',
  'OIDC-24': 'the URI and the token of a registration come together',
  'OIDC-25': 'a bad token, and one of a client that is gone, is 401 invalid_token',
  'OIDC-26': 'a replacement is complete, by its own identifier, and chooses no credentials',
  'OIDC-27': 'with a client go its grants and tokens',
  'THR-87': 'a client cannot choose its identifier',
} as const;
