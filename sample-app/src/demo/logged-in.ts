import {
  PopRelyingParty,
  type Binding,
  type BoundTokens,
  type RelyingPartyOptions,
} from '@keybound/client/relying-party';
import type { CodeFlowScene } from './code-flow-scene.js';
import { HeadlessUser } from './headless-user.js';

/** A relying party at which alice is logged in. */
export interface LoggedIn {
  readonly party: PopRelyingParty;
  readonly tokens: BoundTokens;
}

/** Registers a client, to which alice then logs in. */
export async function logIn(
  scene: CodeFlowScene,
  binding: Binding,
  scope = 'openid profile',
): Promise<LoggedIn> {
  const party = await PopRelyingParty.register(partyOptions(scene, scene.app, binding));
  const { url, pending } = await party.begin({ scope, prompt: 'consent' });
  const callback = await alice().authorize(url, scene.redirectUri);
  return { party, tokens: await party.finish(callback, pending) };
}

export function partyOptions(
  scene: CodeFlowScene,
  issuer: string,
  binding: Binding,
): RelyingPartyOptions {
  const { keys, redirectUri, fetch, clock } = scene;
  return { issuer, binding, keys, redirectUri, fetch, clock, allowHttp: 'loopback' };
}

/** The user, in a browser of her own. */
export function alice(): HeadlessUser {
  return new HeadlessUser({ username: 'alice', password: 'wonderland' });
}
