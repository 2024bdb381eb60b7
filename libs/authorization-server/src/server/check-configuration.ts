import { normalizePath, splitHttpUrl, type PublicUrl } from '@keybound/core';
import { issuerPath } from '../endpoint/endpoint-table.js';
import { isLoopbackHost } from './is-loopback-host.js';
import { refuseToStart } from './refuse-to-start.js';
import type { AuthorizationServerConfiguration } from './options.schema.js';

const maxLifetimeSeconds = 900;

/**
 * Refuses options that are sound one by one and not together, and in production what is meant for
 * development. INV-9, THR-84.
 *
 * @throws ConfigurationError that lists every reason.
 */
export function checkConfiguration(
  configuration: AuthorizationServerConfiguration,
  publicUrl: PublicUrl,
): void {
  const { deployment } = configuration;
  const problems = [
    ...unsoundIssuer(configuration),
    ...unreachable(configuration, publicUrl),
    ...contradictions(configuration),
    ...(deployment === 'production' ? unfitForProduction(configuration) : []),
  ];
  refuseToStart(problems, ` in ${deployment}`);
}

/** AS-201. Clients compare it octet by octet, so that there may be one way only to write it. */
function* unsoundIssuer(configuration: AuthorizationServerConfiguration): Generator<string> {
  const { issuer, loopbackIdentifiers } = configuration;
  const url = splitHttpUrl(issuer);
  if (url === undefined) return;
  if (issuer.includes('?') || issuer.includes('#')) {
    yield 'issuer must have neither query nor fragment (RFC 8414 §2)';
  } else if (issuer !== url.origin + url.path) {
    yield `issuer must be written as ${url.origin}${url.path}: lower case, without a default port`;
  } else if (url.path !== '' && (normalizePath(url.path) !== url.path || url.path.includes('//'))) {
    yield 'issuer must have a path without dot segments, empty segments and needless escapes';
  }
  if (url.origin.startsWith('http:') && !(loopbackIdentifiers && isLoopbackHost(url.host))) {
    yield 'issuer must be https (RFC 8414 §2); loopbackIdentifiers allows http on a loopback host';
  }
}

/** AS-202: what is published must be what is answered. */
function* unreachable(
  { issuer }: AuthorizationServerConfiguration,
  publicUrl: PublicUrl,
): Generator<string> {
  const url = splitHttpUrl(issuer);
  if (url === undefined) return;
  if (publicUrl.kind === 'forwarded') {
    const authority = url.origin.slice(url.origin.indexOf('//') + 2);
    if (!publicUrl.allowedHosts.includes(authority)) {
      yield `forwarded.allowedHosts lacks ${authority}, the issuer's; add it`;
    }
    return;
  }
  const { base } = publicUrl;
  if (base.origin !== url.origin) yield `publicBaseUrl must be at ${url.origin}, as the issuer is`;
  else if (!`${issuerPath(issuer)}/`.startsWith(`${base.path}/`)) {
    yield 'publicBaseUrl must be the issuer, or what its path begins with; give what your proxy takes off, or nothing';
  }
}

function* contradictions(configuration: AuthorizationServerConfiguration): Generator<string> {
  const { accessTokens, dpop, keyDistribution, keys, resources, clients } = configuration;
  if (accessTokens.lifetimeSeconds > maxLifetimeSeconds && !accessTokens.allowLongLifetime) {
    yield `accessTokens.lifetimeSeconds is over ${maxLifetimeSeconds} (AS-122); shorten it, or say allowLongLifetime`;
  }
  if (!keys.algorithms.includes(accessTokens.algorithm)) {
    yield `keys has no key for accessTokens.algorithm, ${accessTokens.algorithm}; add one`;
  }
  yield* outlivedKeys(configuration);
  if (keyDistribution !== 'off') {
    if (keyDistribution.symmetric) yield* unfitForSymmetricKeys(resources);
  } else if (dpop === 'off' && accessTokens.requireProof) {
    yield 'dpop and keyDistribution are both off, so that no token could be bound (AS-77); switch one on';
  }
  yield* twice(
    'resources',
    resources.map(({ resource }) => resource),
  );
  yield* twice(
    'clients',
    clients.map(({ client_id }) => client_id),
  );
}

/** AS-207, THR-64: a key is published until the last thing that it signed has expired. */
function* outlivedKeys({
  keys: { rotation },
  accessTokens,
  idTokens,
}: AuthorizationServerConfiguration): Generator<string> {
  if (rotation === undefined) return;
  const { retireAfterSeconds } = rotation;
  for (const [name, { lifetimeSeconds }] of Object.entries({ accessTokens, idTokens })) {
    if (lifetimeSeconds > retireAfterSeconds) {
      yield `${name}.lifetimeSeconds is ${lifetimeSeconds}, and a retired key is published for ${retireAfterSeconds} seconds only (AS-207); raise retireAfterSeconds of the keys, or shorten it`;
    }
  }
}

/** KD-09: nobody else reads the key. KD-22: the token is good for this resource's scopes alone. */
function* unfitForSymmetricKeys(
  resources: AuthorizationServerConfiguration['resources'],
): Generator<string> {
  const keyed = resources.filter(({ encryptionKey }) => encryptionKey !== undefined);
  if (keyed.length === 0) {
    yield 'keyDistribution.symmetric needs a resource with an encryptionKey: the key is sent to it under that one';
  }
  for (const { resource, scopes } of keyed) {
    if (scopes === undefined) {
      yield `tokens with symmetric keys are for few scopes: list those of the resource ${resource}`;
    }
  }
}

function* unfitForProduction(configuration: AuthorizationServerConfiguration): Generator<string> {
  const { explain, loopbackIdentifiers, stores, replay, keys } = configuration;
  if (explain) yield 'explain tells attackers why they failed; set it to false';
  if (loopbackIdentifiers) yield 'loopbackIdentifiers is for development; leave it out';
  for (const [name, { sharing }] of Object.entries({ ...stores, replay: replay.store })) {
    if (sharing === 'process') {
      yield `the ${name} store is known to one process only; give one that lasts and that instances share`;
    }
  }
  if (keys.sharing === 'process') {
    yield 'keys end with this process, and another has others; use sharedSigningKeys with a store that lasts, or signingKeysFrom';
  }
}

function* twice(list: string, names: readonly string[]): Generator<string> {
  for (const name of new Set(names.filter((each, at) => names.indexOf(each) !== at))) {
    yield `${list} has ${name} twice; keep one`;
  }
}
