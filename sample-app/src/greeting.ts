import type { Settings } from './settings/settings.js';

/** What the app tells whoever started it. */
export function greeting(settings: Settings): readonly string[] {
  const { issuer, port, loopbackIdentifiers, loopbackFetch } = settings;
  return [
    `Keybound sample app: ${issuer}${issuer.endsWith(`:${port}`) ? '' : ` (port ${port})`}`,
    ...whatIsKeptWhere(settings),
    ...(loopbackIdentifiers
      ? ['For development only: identifiers on this host may be plain http.']
      : []),
    ...(loopbackFetch
      ? ['ALLOW_LOOPBACK_FETCH=1: outgoing requests may reach this machine, without TLS.']
      : []),
    ...(settings.deployment === 'development'
      ? [
          `Try it: open ${issuer} - or curl -i ${issuer}/api/whoami - or see every step: npm run demo`,
        ]
      : []),
  ];
}

function* whatIsKeptWhere({ storage, redisUrl, keyHolder }: Settings): Iterable<string> {
  const kept = keyHolder === undefined ? 'Clients, grants and keys' : 'Clients and grants';
  switch (storage.kind) {
    case 'memory':
      yield `${kept} are kept in memory: they end with this process.`;
      break;
    case 'sqlite':
      yield `${kept} are kept in ${storage.file}.`;
      break;
    case 'postgres':
      yield `${kept} are kept in PostgreSQL.`;
      break;
  }
  if (keyHolder !== undefined) yield `Signing keys are held at ${keyHolder}.`;
  if (redisUrl !== undefined) yield 'Replay memory, counters and sessions are kept in Redis.';
}
