import type { Accounts } from '@keybound/authorization-server';
import type { JsonObject } from '@keybound/core';
import { T0 } from '../scene.js';

const users: ReadonlyMap<string, JsonObject> = new Map([
  ['alice', claimsOf('alice', 'Alice Liddell')],
  ['bob', claimsOf('bob', 'Bob Builder')],
]);

/** Alice and Bob. */
export const testAccounts: Accounts = {
  claimsOf: (localSubject) => Promise.resolve(users.get(localSubject)),
};

function claimsOf(username: string, name: string): JsonObject {
  return {
    name,
    preferred_username: username,
    updated_at: T0 - 86_400,
    email: `${username}@example.com`,
    email_verified: true,
  };
}
