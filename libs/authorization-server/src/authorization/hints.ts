import { accept, type Rejection, type Result } from '@keybound/core';
import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { Parameters } from '../extension/parameters.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

const languageTag = /^[A-Za-z0-9-]{1,35}$/;
const displays: ReadonlySet<string> = new Set(['page', 'popup', 'touch', 'wap']);
const longest = { loginHint: 1_024, uiLocales: 1_024, acrValues: 2_048 };
const mostNames = 20;

/**
 * What may help a page, and never makes a request fail: out of bounds, it is left out. OpenID Connect
 * Core §3.1.2.1, AS-02.
 */
export function readHints(
  parameters: Parameters,
): Pick<AuthorizationRequest, 'loginHint' | 'uiLocales' | 'display'> {
  const loginHint = within(longest.loginHint, parameters.one('login_hint'));
  const locales = within(longest.uiLocales, parameters.one('ui_locales')) ?? '';
  const display = parameters.one('display');
  return {
    loginHint,
    uiLocales: locales
      .split(' ')
      .filter((tag) => languageTag.test(tag))
      .slice(0, mostNames),
    display: display !== undefined && displays.has(display) ? display : undefined,
  };
}

/** AS-172: wished for, in order of preference; whether they are met shows in the ID token. */
export function parseAcrValues({
  parameters,
  client,
}: EffectiveRequest): Result<readonly string[], Rejection> {
  const asked = parameters.one('acr_values');
  if (asked === undefined) return accept(client.metadata.default_acr_values ?? []);
  if (asked.length > longest.acrValues) {
    return reject('authorization.acr_values', 'AS-172', { actual: String(asked.length) });
  }
  return accept([...new Set(asked.split(' '))].filter((name) => name !== ''));
}

function within(limit: number, value: string | undefined): string | undefined {
  return value !== undefined && value.length <= limit ? value : undefined;
}
