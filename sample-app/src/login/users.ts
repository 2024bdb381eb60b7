import type { Accounts } from '@keybound/authorization-server';
import { equalInConstantTime, sha256Base64url, type JsonObject } from '@keybound/core';
import { Injectable } from '@nestjs/common';
import { people } from './people.js';

/** What an unknown name is compared with, so that the answer takes as long. */
const nobody = 'A'.repeat(43);

/**
 * Who can log in, and what is known of them.
 *
 * Passwords are kept as plain SHA-256 because everybody may read them in the README. Those of real
 * people belong behind a slow, salted hash such as scrypt or Argon2, in your own user store.
 */
@Injectable()
export class Users implements Accounts {
  /** @returns The user's name for the authorization server, or undefined for a wrong name or password. */
  async find(username: string, password: string): Promise<string | undefined> {
    const expected = people.get(username)?.passwordHash;
    const given = await sha256Base64url(password);
    const equal = equalInConstantTime(Buffer.from(given), Buffer.from(expected ?? nobody));
    return equal && expected !== undefined ? username : undefined;
  }

  /** For WebFinger: in this app everybody may know who has an account. */
  async has(name: string): Promise<boolean> {
    return people.has(name);
  }

  /** Whether a scope is this user's to give. Those of administrators are nobody else's. */
  mayGive(localSubject: string | undefined, scope: string): boolean {
    if (scope !== 'admin') return true;
    return localSubject !== undefined && people.get(localSubject)?.administers === true;
  }

  async claimsOf(localSubject: string): Promise<JsonObject | undefined> {
    return people.get(localSubject)?.claims;
  }
}
