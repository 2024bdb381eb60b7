import { accept, type Rejection, type Result } from '@keybound/core';
import type { AuthorizationRequest } from '../extension/authorization-request.js';
import type { Slots } from '../extension/record-slot.js';
import type { ServerContext } from '../server/server-context.js';
import type { EffectiveRequest } from './incoming-request.js';
import { reject } from './rejections.js';

/**
 * Asks every plug-in whether it minds, and collects what they keep with the request.
 *
 * @throws TypeError for a slot that nobody declared, or that two filled: a bug of a plug-in.
 */
export async function runValidators(
  context: ServerContext,
  effective: EffectiveRequest,
  request: AuthorizationRequest,
): Promise<Result<AuthorizationRequest, Rejection>> {
  const { client, parameters, http, endpoint } = effective;
  const slots = new Map<string, Slots[string]>();
  for (const validator of context.extensions.authorizationRequestValidators) {
    const draft = { client, parameters, request, http, endpoint };
    const verdict = await validator.validate(draft);
    if (!verdict.ok) return verdict;
    for (const [name, value] of Object.entries(verdict.value)) {
      if (slots.has(name)) throw new TypeError(`Two validators filled the slot ${name}.`);
      const fits = checkSlot(context, name, value);
      if (!fits.ok) return fits;
      slots.set(name, value);
    }
  }
  return accept({ ...request, slots: Object.fromEntries(slots) });
}

function checkSlot(
  { extensions }: ServerContext,
  name: string,
  value: Slots[string],
): Result<undefined, Rejection> {
  const slot = extensions.recordSlots.get(name);
  if (slot === undefined) throw new TypeError(`Nobody declared the slot ${name}.`);
  const octets = Buffer.byteLength(JSON.stringify(value));
  if (octets <= slot.maxBytes && slot.schema.safeParse(value).success) {
    return accept(undefined);
  }
  return reject('authorization.slot', 'THR-13', { actual: `${name}, ${String(octets)} octets` });
}
