import { accept, type Rejection, type Result } from '@keybound/core';
import type { Prompt } from '../extension/authorization-request.js';
import type { Parameters } from '../extension/parameters.js';
import { reject } from './rejections.js';

const prompts: ReadonlyMap<string, Prompt> = new Map([
  ['none', 'none'],
  ['login', 'login'],
  ['consent', 'consent'],
  ['select_account', 'select_account'],
  ['create', 'create'],
]);
const longestPrompt = 256;

/**
 * How the user is to be asked. OpenID Connect Core §3.1.2.1. A value that is not on offer is refused
 * and not ignored: it may have asked for more care (Initiating User Registration §4.1).
 */
export function parsePrompt(
  parameters: Parameters,
): Result<readonly Prompt[] | undefined, Rejection> {
  const asked = parameters.one('prompt');
  if (asked === undefined) return accept(undefined);
  const found = new Set<Prompt>();
  for (const name of asked.slice(0, longestPrompt + 1).split(' ')) {
    if (name === '') continue;
    const prompt = prompts.get(name);
    if (prompt === undefined || asked.length > longestPrompt) {
      return reject('authorization.prompt', 'AS-170', { actual: asked });
    }
    found.add(prompt);
  }
  if (!found.has('none') || found.size === 1) {
    return accept(found.size === 0 ? undefined : [...found]);
  }
  const requirement = found.has('create') ? 'AS-28' : 'AS-170';
  return reject('authorization.prompt', requirement, { actual: asked });
}

/** Whether nobody must be shown anything, an error included. AS-19, AS-170. */
export function asksForSilence(parameters: Parameters): boolean {
  const asked = parameters.one('prompt');
  return asked?.slice(0, longestPrompt).split(' ').includes('none') === true;
}
