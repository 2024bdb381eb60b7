import type { SqlStorage } from '../sql-storage.js';
import { at, family, newName, T0 } from './family.js';
import { client, interaction, pushedRequest, rotation, session, spend } from './other-records.js';

/**
 * Every method of every port, called one after the other on records that fit together: each of its
 * statements is run.
 *
 * @returns What became of each call, by its name: 'answered', or what it threw.
 */
export async function everyCall(storage: SqlStorage): Promise<Readonly<Record<string, unknown>>> {
  const { stores, replay, keys } = storage;
  const { grants, clients, sessions, counters } = stores;
  const [pushed, otherPushed] = [pushedRequest(), pushedRequest()];
  const begun = interaction({ pushedRequestHash: pushed.hash });
  const refused = interaction({ pushedRequestHash: otherPushed.hash });
  const [first, second] = [family(), family()];
  const { grant, code } = first;
  const { clientId, localSubject } = grant;
  const [registered, browser, ring] = [client(), session(), newName()];
  const windows = ['address', 'user'].map((of) => ({
    key: `${of} ${newName()}`,
    limit: 1,
    windowSeconds: 60,
  }));
  const [used, other] = [await spend(), await spend()];
  const uses = rotation(first.refreshToken, { accessToken: second.accessToken });

  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    savePushedRequest: () => grants.savePushedRequest(pushed),
    'savePushedRequest again': () => grants.savePushedRequest(otherPushed),
    findPushedRequest: () => grants.findPushedRequest(pushed.hash, T0),
    saveInteraction: () => grants.saveInteraction(begun),
    'saveInteraction again': () => grants.saveInteraction(refused),
    findInteraction: () => grants.findInteraction(begun.hash, T0),
    advanceInteraction: () => grants.advanceInteraction({ ...begun, version: 2 }, T0),
    endInteraction: () => grants.endInteraction(refused.hash, otherPushed.hash, T0),
    completeAuthorization: () =>
      grants.completeAuthorization({
        interactionHash: begun.hash,
        pushedRequestHash: pushed.hash,
        grant,
        code,
        consent: {
          localSubject,
          clientId,
          scopes: [],
          resources: [],
          authorizationDetails: [],
          claims: undefined,
          grantedAt: T0,
        },
        now: T0,
      }),
    findConsent: () => grants.findConsent(localSubject, clientId),
    forgetConsent: () => grants.forgetConsent(localSubject, clientId),
    saveGrantWithCode: () => grants.saveGrantWithCode(second.grant, second.code),
    findCode: () => grants.findCode(code.hash, T0),
    noteCodeFailure: () => grants.noteCodeFailure(second.code.hash, 5, T0),
    redeemCode: () => grants.redeemCode(code.hash, first, T0),
    findGrant: () => grants.findGrant(grant.id, T0),
    findRefreshToken: () => grants.findRefreshToken(first.refreshToken.hash, T0),
    'useRefreshToken, and keep it': () =>
      grants.useRefreshToken({ ...uses, successor: undefined, accessToken: undefined }),
    'useRefreshToken, and replace it': () => grants.useRefreshToken(uses),
    'useRefreshToken that replaced one': () =>
      grants.useRefreshToken({ ...rotation(uses.successor), now: at(1) }),
    'redeemCode again': () => grants.redeemCode(code.hash, second, T0),
    revokeGrant: () => grants.revokeGrant(second.grant.id, T0),
    revokeGrantsOfClient: () => grants.revokeGrantsOfClient(clientId, T0),
    revokeGrantsOfSubject: () => grants.revokeGrantsOfSubject(localSubject, 'online', T0),
    listGrants: () => grants.listGrants(localSubject, T0),
    saveAccessToken: () => grants.saveAccessToken(first.accessToken),
    findAccessToken: () => grants.findAccessToken(first.accessToken.hash, T0),
    revokeAccessToken: () => grants.revokeAccessToken(newName(), at(60), T0),
    isAccessTokenActive: () => grants.isAccessTokenActive(first.accessToken, T0),
    'isAccessTokenActive of no grant': () =>
      grants.isAccessTokenActive({ jti: newName(), grantId: undefined }, T0),
    'clients.add': () => clients.add(registered),
    'clients.find': () => clients.find(registered.id, T0),
    'clients.replace': () => clients.replace({ ...registered, version: 2 }),
    'clients.markUsed': () => clients.markUsed(registered.id),
    'clients.remove': () => clients.remove(registered.id),
    'sessions.start': () => sessions.start(browser, newName()),
    'sessions.find': () => sessions.find(browser.hash, 60, T0),
    'sessions.touch': () => sessions.touch(browser.hash, 'client', T0),
    'sessions.end': () => sessions.end(browser.hash),
    'counters.count': () => counters.count(windows.slice(1), T0),
    'counters.count of two': () => counters.count(windows, T0),
    'counters.reset': () => counters.reset(windows[0]?.key ?? ''),
    'replay.claim': () => replay.claim([used], T0),
    'replay.claim of two': () => replay.claim([other, used], T0),
    'keys.replace, at first': () => keys.replace({ name: ring, version: 1, sealed: 'a' }),
    'keys.replace': () => keys.replace({ name: ring, version: 2, sealed: 'b' }),
    'keys.find': () => keys.find(ring),
    check: () => storage.check(),
    sweep: () => storage.sweep(),
  };

  const outcomes: Record<string, unknown> = {};
  for (const [name, call] of Object.entries(calls)) {
    outcomes[name] = await call().then(
      () => 'answered',
      (error: unknown) => error,
    );
  }
  return outcomes;
}
