import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {object} Requirement
 * @property {string} id
 * @property {string} level MUST, SHOULD, MAY, Decision, …; in brackets where the source is silent.
 * @property {string} who
 * @property {string} statement
 * @property {string} reference
 *
 * @typedef {object} Digest
 * @property {string} name File name in `catalogue/`, without `.json`.
 * @property {string} title
 * @property {readonly Requirement[]} requirements
 */

const titles = {
  'signed-http-request': 'Signed HTTP requests, key distribution and the OpenID Connect code flow',
  'sender-constrained-tokens': 'DPoP, mutual TLS, HTTP message signatures and the resource server',
  'authorization-server': 'Authorization server',
  attestation: 'Attestation-based client authentication and HAIP',
  openid4vci: 'OpenID for Verifiable Credential Issuance 1.0',
  webid: 'WebID-OIDC and Solid-OIDC',
  federation: 'Federation',
  threats: 'Threats and faults',
};

/**
 * Reads the requirements that the project answers for, in the order of their texts.
 *
 * @param {string} directory Holds one JSON file for each digest.
 * @returns {Digest[]}
 * @throws If an ID stands in it twice.
 */
export function readCatalogue(directory) {
  const seen = new Set();
  return Object.entries(titles).map(([name, title]) => {
    /** @type {Requirement[]} */
    const requirements = JSON.parse(readFileSync(join(directory, `${name}.json`), 'utf8'));
    for (const { id } of requirements) {
      if (seen.has(id)) throw new Error(`${id} is listed twice in the catalogue`);
      seen.add(id);
    }
    return { name, title, requirements };
  });
}
