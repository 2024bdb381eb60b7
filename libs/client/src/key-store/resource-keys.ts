import { generateKeyPair, signerFromKeyPair, type Signer } from '@keybound/core';
import type { KeyPairStore } from './key-pair-store.js';

/**
 * A client's keys: another one for every resource and issuer, so that two resources cannot tell by
 * the key that they serve the same client. RFC 7800 §5.
 */
export class ResourceKeys {
  constructor(private readonly store: KeyPairStore) {}

  /**
   * The key for one resource; made when first asked for, ES256, its private part not extractable.
   *
   * @param issuer   The identifier of the authorization server that binds tokens to the key.
   * @param resource The identifier of the resource that these tokens are for.
   * @throws what the store throws.
   */
  async keyForResource(issuer: string, resource: string): Promise<Signer> {
    const name = JSON.stringify([issuer, resource]);
    const pair =
      (await this.store.find(name)) ?? (await this.store.keepFirst(name, await generateKeyPair()));
    return signerFromKeyPair(pair, 'ES256');
  }
}
