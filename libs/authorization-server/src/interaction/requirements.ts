/** What is asked of interactions with users. Digests: authorization-server §1.1 and §8, threats. */
export const interactionRequirements = {
  'AS-20': 'an interaction is known by an unguessable identifier, for ten minutes',
  'AS-22': 'an interaction is finished once, and only by the browser that started it',
  'AS-23': 'a user who refuses is a refusal to the client',
  'AS-29': 'client, redirect URI and expiry still hold when the code is issued',
  'AS-170': 'where prompt is none, nobody is asked',
  'AS-172': 'acr that is essential is met',
  'AS-173': 'the user is the one whom the request names',
  'THR-57': 'an answer comes with the token of the very question it answers, and counts once',
} as const;
