export { PopRelyingParty } from './pop-relying-party.js';
export type {
  Binding,
  BoundTokens,
  KnownClient,
  PendingLogin,
  RelyingPartyOptions,
} from './relying-party-options.js';
