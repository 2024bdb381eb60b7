import { accept, type Rejection, type Result } from '@keybound/core';
import type { EndpointRequest } from '../../extension/endpoint.js';
import type { Parameters } from '../../extension/parameters.js';
import type { ServerContext } from '../../server/server-context.js';
import { reject } from './rejections.js';

const absoluteUri =
  /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=[\]]|%[0-9A-Fa-f]{2})+$/;
const maxLength = 2_048;

/**
 * The resource that a token request names as `aud` (-01 §3) or `audience` (-07 §3, RFC 8693 §2.1),
 * beside RFC 8707's `resource`. KD-11, KD-12.
 *
 * @returns Undefined where neither is there or key distribution is off. Whether the grant allows the
 *   resource, and whether it is the only one, is for the endpoint to say.
 */
export function requestedAudience(
  { parameters }: Pick<EndpointRequest, 'parameters'>,
  { configuration, resources }: Pick<ServerContext, 'configuration' | 'resources'>,
): Result<string | undefined, Rejection> {
  if (configuration.keyDistribution === 'off') return accept(undefined);
  const named = namedAudience(parameters);
  if (!named.ok || named.value === undefined) return named;
  const audience = named.value;
  const wellFormed = checkForm(audience, parameters);
  if (!wellFormed.ok) return wellFormed;
  return resources.isKnown(audience) ? accept(audience) : rejectUnknown(audience, parameters);
}

function namedAudience(parameters: Parameters): Result<string | undefined, Rejection> {
  const aud = parameters.one('aud');
  const [audience, ...others] = parameters.all('audience');
  if (others.length > 0) return reject('key_distribution.target', 'KD-12', { actual: 'several' });
  if (aud !== undefined && audience !== undefined && aud !== audience) {
    return reject('key_distribution.audience', 'KD-11', { actual: 'aud and audience differ' });
  }
  return accept(aud ?? audience);
}

/** `audience` of -07 is a name; in the words of -01, whichever parameter it is, an absolute URI. */
function checkForm(audience: string, parameters: Parameters): Result<undefined, Rejection> {
  const fits =
    audience.length <= maxLength && (!isDraft01(parameters) || absoluteUri.test(audience));
  return fits
    ? accept(undefined)
    : reject('key_distribution.audience', 'KD-11', { actual: audience.slice(0, 256) });
}

function rejectUnknown(audience: string, parameters: Parameters) {
  return isDraft01(parameters)
    ? reject('key_distribution.unknown_audience', 'KD-11', { actual: audience })
    : reject('key_distribution.target', 'KD-12', { actual: audience });
}

function isDraft01(parameters: Parameters): boolean {
  return ['aud', 'key', 'alg'].some((name) => parameters.one(name) !== undefined);
}
