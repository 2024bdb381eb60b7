import { accept, type Rejection, type Result } from '@keybound/core';
import type { ResponseMode } from '../extension/authorization-request.js';
import type { Client } from '../extension/client.js';
import type { Parameters } from '../extension/parameters.js';
import type { ResponseTarget } from './authorization-response.js';
import { parseRedirectUri } from './redirect-uri.js';
import { reject } from './rejections.js';

const responseModes: ReadonlyMap<string, ResponseMode> = new Map([
  ['query', 'query'],
  ['form_post', 'form_post'],
]);
const longestState = 4_096;

/**
 * Where a refusal of these parameters goes, and how; undefined where it must be shown on a page.
 *
 * What is wrong with `response_mode` or `state` is left out here, so that the error still arrives.
 */
export function responseTargetOf(
  parameters: Parameters,
  client: Client,
): ResponseTarget | undefined {
  const redirectUri = parseRedirectUri(parameters, client);
  if (!redirectUri.ok) return undefined;
  const mode = parseResponseMode(parameters);
  const state = parseState(parameters);
  return {
    redirectUri: redirectUri.value,
    responseMode: mode.ok && !parameters.repeated.has('response_mode') ? mode.value : 'query',
    state: state.ok && !parameters.repeated.has('state') ? state.value : undefined,
  };
}

/** AS-08. `fragment` is nowhere on offer, nor is a signed response. */
export function parseResponseMode(parameters: Parameters): Result<ResponseMode, Rejection> {
  const asked = parameters.one('response_mode');
  if (asked === undefined) return accept('query');
  const mode = responseModes.get(asked);
  if (mode !== undefined) return accept(mode);
  return reject('authorization.response_mode', 'AS-08', { actual: asked });
}

/** AS-09. It goes back as it came, character by character, or not at all. */
export function parseState(parameters: Parameters): Result<string | undefined, Rejection> {
  const state = parameters.one('state');
  if (state === undefined || state.length <= longestState) return accept(state);
  return reject('authorization.state', 'AS-09', { actual: String(state.length) });
}
