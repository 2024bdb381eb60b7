export type { ClientRecord, ClientStore } from './storage/client-store.js';
export type { CounterStore, CountLimit, CountOutcome } from './storage/counter-store.js';
export type {
  AccessTokenRecord,
  CodeRecord,
  GrantRecord,
  InteractionProgress,
  InteractionRecord,
  ListedGrant,
  PushedRequestRecord,
  RefreshTokenRecord,
  RememberedConsent,
} from './storage/grant-records.js';
export type {
  AccessTokenName,
  AuthorizationCompletion,
  GrantStore,
  IssuedRecords,
  RedeemOutcome,
  RefreshOutcome,
  RefreshUse,
} from './storage/grant-store.js';
export { InMemoryClientStore } from './storage/in-memory-client-store.js';
export { InMemoryCounterStore } from './storage/in-memory-counter-store.js';
export { InMemoryGrantStore } from './storage/in-memory-grant-store.js';
export { InMemoryKeyStore } from './storage/in-memory-key-store.js';
export { InMemorySessionStore } from './storage/in-memory-session-store.js';
export { inMemoryStores } from './storage/in-memory-stores.js';
export type { InMemoryStoreOptions } from './storage/in-memory/room.js';
export type { KeyRingRecord, KeyStore } from './storage/key-store.js';
export type { SessionRecord, SessionStore } from './storage/session-store.js';
export type { AuthorizationServerStores } from './storage/stores.js';
export type { Accounts } from './server/accounts.js';
export type { AuthorizationServer } from './server/authorization-server.js';
export { buildAuthorizationServer } from './server/build-authorization-server.js';
export type { AuthorizationServerOptions } from './server/options.schema.js';
export { generatedSigningKeys } from './keys/generated-signing-keys.js';
export type { KeyRotation } from './keys/key-rotation.js';
export type { RotatingSigningKeys, SharedSigningKeys } from './keys/rotating-signing-keys.js';
export { rotateEncryptionKeys } from './keys/rotate-encryption-keys.js';
export type { RotateEncryptionKeysOptions } from './keys/rotate-encryption-keys.schema.js';
export { sharedEncryptionKeys, type SharedEncryptionKeys } from './keys/shared-encryption-keys.js';
export { sharedSigningKeys } from './keys/shared-signing-keys.js';
export type { SharedSigningKeysOptions } from './keys/shared-signing-keys.schema.js';
export type { CurrentKey, SigningKeys } from './keys/signing-keys.js';
export { signingKeysFrom, type ShownKey } from './keys/signing-keys-from.js';
export { elsewhere } from './extension/interaction.js';
