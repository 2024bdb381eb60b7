import type { SuiteClient } from '../../support/suite-client.js';

/** The same client, with one assertion for all that it asks. Its proofs are new each time. */
export async function sameAssertion(client: SuiteClient): Promise<SuiteClient> {
  const made = new URLSearchParams();
  await client.authenticate(made, new Headers());
  return client.with({
    authentication: (form) => {
      for (const [name, value] of made) form.set(name, value);
    },
  });
}
