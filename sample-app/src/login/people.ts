import type { JsonObject } from '@keybound/core';

/** Somebody who can log in. */
export interface Person {
  /** base64url of the SHA-256. */
  readonly passwordHash: string;
  /** OpenID Connect Core §5.1. */
  readonly claims: JsonObject;
  /** Whether the scope `admin` is theirs to give: nobody's in this app. */
  readonly administers?: true;
}

/** The users of this app, by user name. */
export const people: ReadonlyMap<string, Person> = new Map([
  [
    'alice',
    {
      passwordHash: 'pxp8cBH1OhurNkLsLOElk_BSMKzo3h4-dkX2nvrBRD0',
      claims: {
        name: 'Alice Liddell',
        given_name: 'Alice',
        family_name: 'Liddell',
        nickname: 'Al',
        preferred_username: 'alice',
        profile: 'https://alice.example/',
        picture: 'https://alice.example/picture.png',
        website: 'https://alice.example/',
        gender: 'female',
        birthdate: '1852-05-04',
        zoneinfo: 'Europe/London',
        locale: 'en-GB',
        updated_at: 1_767_225_600,
        email: 'alice@example.com',
        email_verified: true,
        phone_number: '+44 1632 960001',
        phone_number_verified: true,
        address: {
          formatted: 'The Deanery\nOxford\nOX1 1DP\nUnited Kingdom',
          street_address: 'The Deanery',
          locality: 'Oxford',
          postal_code: 'OX1 1DP',
          country: 'United Kingdom',
        },
      },
    },
  ],
  [
    'bob',
    {
      passwordHash: '32sHF2qbF8xMmvwle9QEcy59CbdkNseJD3t74U5Xl5Q',
      claims: {
        name: 'Bob Builder',
        given_name: 'Bob',
        family_name: 'Builder',
        preferred_username: 'bob',
        website: 'https://bob.example/',
        zoneinfo: 'Europe/Berlin',
        locale: 'de-DE',
        updated_at: 1_767_225_600,
        email: 'bob@example.com',
        email_verified: false,
        phone_number: '+49 30 23125 001',
        phone_number_verified: false,
      },
    },
  ],
]);
